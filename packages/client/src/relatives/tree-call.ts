import type { CallRunner } from '../calls/call-runner.js';
import { DEFAULT_FIELDS, type Field, type FieldValues, fieldList } from '../schema/fields.js';
import { readTreeOptions } from '../support/call-options.js';
import { Slices } from '../support/slices.js';
import type { ProcessMaps } from './process-map.js';
import { type TreeNode, treesOf } from './trees.js';

/** A process with these fields (`null` where one could not be read) and its children. */
export type TreeRow<F extends Field> = { pid: number } & { [K in F]: FieldValues[K] | null } & {
  children: TreeRow<F>[];
};

/** @internal All processes as trees. */
export class TreeCall {
  readonly #runner: CallRunner;
  readonly #maps: ProcessMaps;

  constructor(runner: CallRunner, maps: ProcessMaps) {
    this.#runner = runner;
    this.#maps = maps;
  }

  /** The roots: processes whose parent is not there, or is outside this PID namespace. */
  tree(options: object | undefined): Promise<TreeNode[]> {
    return this.#runner.run(
      'tree',
      undefined,
      options,
      readTreeOptions,
      async ({ signal, fields = DEFAULT_FIELDS }) => {
        const { names, set } = fieldList(fields);
        return treesOf(await this.#maps.read(set, signal), names, new Slices(signal));
      },
    );
  }
}
