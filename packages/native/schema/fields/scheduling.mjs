// How a process is scheduled.
import { enumeration, i32, list, struct, u32 } from '../types.mjs';

const ioPriority = struct('IoPriority', {
  class: [enumeration('IoClass', ['none', 'realtime', 'best-effort', 'idle']), 'Scheduling class: ioprio_set(2).'],
  level: [u32, 'From 0, the highest, to 7; 0 in the classes none and idle.'],
});

const scheduler = struct('Scheduler', {
  policy: [
    enumeration('SchedulerPolicy', ['other', 'fifo', 'rr', 'batch', 'idle', 'deadline', 'ext']),
    'Policy: sched(7).',
  ],
  priority: [u32, 'From 1 to 99 for fifo and rr, otherwise 0.'],
});

export const scheduling = [
  {
    name: 'nice',
    type: i32,
    cost: 'cheap',
    doc: 'Nice value, from −20, the highest priority, to 19: of its main thread on Linux.',
    columnDoc: '−1 is also a nice value: `table.validity()` says where one is missing.',
    readme: '`number`: from −20 to 19',
    linux: { sources: ['stat', 'bpf'], doc: '`nice` in `stat`' },
  },
  {
    name: 'ioPriority',
    type: ioPriority,
    cost: 'cheap',
    doc: 'I/O priority: ioprio_get(2). By PID: `NotSupportedError` in another `procRoot`.',
    readme: '`{ class, level }`',
    linux: { sources: ['ioprio_get'], doc: 'ioprio_get(2)' },
  },
  {
    name: 'affinity',
    type: list(u32),
    cost: 'cheap',
    doc: 'Processors on which it may run: sched_getaffinity(2).',
    columnDoc: 'Processors on which it may run: lists of different lengths.',
    readme: '`number[]`: processors on which it may run',
    linux: { sources: ['status', 'sched_getaffinity'], doc: 'sched_getaffinity(2), `Cpus_allowed` in `status`' },
  },
  {
    name: 'scheduler',
    type: scheduler,
    cost: 'cheap',
    doc: 'Scheduling policy and real-time priority of its main thread: sched(7).',
    readme: '`{ policy, priority }`',
    linux: { sources: ['stat', 'bpf'], doc: '`policy`, `rt_priority` in `stat`' },
  },
  {
    name: 'processor',
    type: i32,
    cost: 'cheap',
    doc: 'The processor on which it ran last.',
    readme: '`number`: processor on which it ran last',
    linux: { sources: ['stat', 'bpf'], doc: '`processor` in `stat`' },
  },
  {
    name: 'oomScore',
    type: i32,
    cost: 'cheap',
    doc: 'How likely the kernel is to end it when memory runs out.',
    readme: '`number`',
    linux: { sources: ['oom_score'], doc: '`oom_score`' },
  },
  {
    name: 'oomScoreAdj',
    type: i32,
    cost: 'cheap',
    doc: 'What is added to that score, from −1000, never, to 1000.',
    columnDoc: '−1 is also a value: `table.validity()` says where one is missing.',
    readme: '`number`: from −1000 to 1000',
    linux: { sources: ['oom_score_adj', 'bpf'], doc: '`oom_score_adj`' },
  },
];
