import { FIELD_INDEX, FieldSet } from '@psutil-extra/native/protocol';
import type { Found } from '../relatives/process-map.js';
import { rowValue } from '../schema/decode.js';
import { failureIn } from '../schema/field-source.js';
import type { Thread } from '../schema/fields.generated.js';
import type { State } from '../schema/fields.js';

/** The threads of a process as one listing has found them. */
export interface ThreadStates {
  readonly tids: readonly number[];
  /** Whether all of them are stopped or have ended, wait in the kernel otherwise, or at least one runs or may run. */
  readonly activity: 'still' | 'in-kernel' | 'running';
}

/** `undefined` where they were not listed, or could not be. */
export function threadStatesOf({ frame, row }: Found): ThreadStates | undefined {
  const { threadList } = FIELD_INDEX;
  if (!frame.fields.contains(FieldSet.of(threadList)) || failureIn(frame, row, threadList) !== undefined)
    return undefined;
  const threads = rowValue(threadList, frame, row) as readonly Thread[] | null;
  if (threads === null) return undefined;
  const moving = threads.filter(({ state }) => !STILL.has(state));
  const isInKernel = moving.every(({ state }) => state === 'disk-sleep');
  return {
    tids: threads.map(({ tid }) => tid),
    activity: moving.length === 0 ? 'still' : isInKernel ? 'in-kernel' : 'running',
  };
}

const STILL: ReadonlySet<State> = new Set<State>(['stopped', 'tracing-stop', 'zombie', 'dead']);
