import { type Action, ActionKind, oomScoreAdjAction, threadAction } from '@psutil-extra/native/protocol';
import {
  affinityFrom,
  affinityValues,
  ioPriorityFrom,
  ioPriorityValues,
  numberFrom,
  schedulerFrom,
  schedulerValues,
} from '../schema/scheduling.js';
import { checkInteger } from '../support/arguments.js';
import { type ReadSetterOptions, readOptions, readSetterOptions } from '../support/call-options.js';
import type { SetterName } from './setter-names.js';

/** A method that sets a field. */
export interface Setter {
  readonly kind: number;
  /** What it sets, in errors. */
  readonly field: string;
  readonly syscall: string;
  readonly readOptions: (options: object | undefined) => ReadSetterOptions;
  readonly action: (value: unknown, options: ReadSetterOptions) => Action;
  /** The value of the field that the action has replaced. */
  readonly previous: (answer: BigUint64Array) => unknown;
}

/** Every method that sets a field. */
export const SETTERS: Readonly<Record<SetterName, Setter>> = {
  setNice: {
    kind: ActionKind.nice,
    field: 'nice',
    syscall: 'setpriority',
    readOptions: readSetterOptions,
    action: (value, { allThreads }) => threadAction('nice', allThreads, [BigInt(checkInteger('nice', value, -20, 19))]),
    previous: numberFrom,
  },
  setIoPriority: {
    kind: ActionKind.ioPriority,
    field: 'ioPriority',
    syscall: 'ioprio_set',
    readOptions: readSetterOptions,
    action: (value, { allThreads }) => threadAction('ioPriority', allThreads, ioPriorityValues(value)),
    previous: ioPriorityFrom,
  },
  setAffinity: {
    kind: ActionKind.affinity,
    field: 'affinity',
    syscall: 'sched_setaffinity',
    readOptions: readSetterOptions,
    action: (value, { allThreads }) => threadAction('affinity', allThreads, affinityValues(value)),
    previous: affinityFrom,
  },
  setScheduler: {
    kind: ActionKind.scheduler,
    field: 'scheduler',
    syscall: 'sched_setscheduler',
    readOptions: readSetterOptions,
    action: (value, { allThreads }) => threadAction('scheduler', allThreads, schedulerValues(value)),
    previous: schedulerFrom,
  },
  setOomScoreAdj: {
    kind: ActionKind.oomScoreAdj,
    field: 'oomScoreAdj',
    syscall: 'write',
    // This value belongs to the process, not to a thread.
    readOptions: (options) => ({ ...readOptions(options), allThreads: false }),
    action: (value) => oomScoreAdjAction(BigInt(checkInteger('oomScoreAdj', value, -1000, 1000))),
    previous: numberFrom,
  },
};
