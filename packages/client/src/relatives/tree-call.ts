import type { CallRunner } from '../calls/call-runner.js';
import { rowReader } from '../schema/decode.js';
import { DEFAULT_FIELDS, type Field, type FieldValues, fieldList } from '../schema/fields.js';
import { readTreeOptions } from '../support/call-options.js';
import type { Found, ProcessMap, ProcessMaps } from './process-map.js';

/** A process with these fields (`null` where one could not be read) and its children. */
export type TreeRow<F extends Field> = { pid: number } & { [K in F]: FieldValues[K] | null } & {
  children: TreeRow<F>[];
};

type AnyRow = { pid: number; children: AnyRow[]; [field: string]: unknown };

/** @internal All processes as trees. */
export class TreeCall {
  readonly #runner: CallRunner;
  readonly #maps: ProcessMaps;

  constructor(runner: CallRunner, maps: ProcessMaps) {
    this.#runner = runner;
    this.#maps = maps;
  }

  /** The roots: processes whose parent is not there, or is outside this PID namespace. */
  tree(options: object | undefined): Promise<AnyRow[]> {
    return this.#runner.run(
      'tree',
      undefined,
      options,
      readTreeOptions,
      async ({ signal, fields = DEFAULT_FIELDS }) => {
        const { names, set } = fieldList(fields);
        return treeOf(await this.#maps.read(set, signal), names);
      },
    );
  }
}

function treeOf(map: ProcessMap, names: readonly Field[]): AnyRow[] {
  const readers = new Map<Found['frame'], (row: number) => { pid: number; [field: string]: unknown }>();
  const rows = new Map<Found, AnyRow>();
  const rowOf = (process: Found) => {
    let row = rows.get(process);
    if (row === undefined) {
      let read = readers.get(process.frame);
      if (read === undefined) {
        read = rowReader(names, process.frame);
        readers.set(process.frame, read);
      }
      row = { ...read(process.row), children: [] };
      rows.set(process, row);
    }
    return row;
  };
  const roots: AnyRow[] = [];
  for (const process of map.all()) {
    const parent = rootOf(map, process) === process ? undefined : map.parentOf(process);
    (parent === undefined ? roots : rowOf(parent).children).push(rowOf(process));
  }
  return roots;
}

/**
 * The process at the top. PIDs that are reused during the scan might make a circle of processes that began in one tick: then the
 * one with the lowest PID is its top.
 */
function rootOf(map: ProcessMap, process: Found): Found {
  const ancestors = map.ancestorsOf(process);
  const last = ancestors.at(-1);
  if (last === undefined) return process;
  if (map.parentOf(last) === undefined) return last;
  return ancestors.includes(process) ? ancestors.reduce((a, b) => (b.pid < a.pid ? b : a)) : last;
}
