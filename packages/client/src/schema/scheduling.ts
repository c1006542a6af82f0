import { FIELD_INDEX, FIELDS, MAX_MASK_WORDS } from '@psutil-extra/native/protocol';
import { checkInteger, invalidType, invalidValue, isIterable, outOfRange } from '../support/arguments.js';
import { didYouMean } from '../support/nearest.js';
import type { IoClass, IoPriority, Scheduler, SchedulerPolicy } from './fields.generated.js';
import { nameFrom, valuesFrom } from './thread-answers.js';

/** How a process is scheduled: new values, checked, as an action has them, and the values that an action has replaced. */

/** A new I/O priority: ioprio_set(2). */
export interface NewIoPriority {
  /** Scheduling class. */
  readonly class: IoClass;
  /** From 0, the highest, to 7; 0 or absent in the classes none and idle. */
  readonly level?: number | undefined;
}

/** A new policy: sched(7). */
export interface NewScheduler {
  /** Policy. `'deadline'` is not supported: it takes a runtime, a deadline and a period. */
  readonly policy: SchedulerPolicy;
  /** From 1 to 99 for fifo and rr; 0 or absent for the others. */
  readonly priority?: number | undefined;
}

/** A number that may be below zero, in two's complement. */
export function numberFrom(answer: BigUint64Array): number {
  const [value] = valuesFrom(answer, 1);
  return Number(BigInt.asIntN(64, value as bigint));
}

export function ioPriorityValues(priority: unknown): bigint[] {
  if (typeof priority !== 'object' || priority === null) throw invalidType('ioPriority', 'of type object', priority);
  const { class: name, level } = priority as { class?: unknown; level?: unknown };
  const position = positionOf('ioPriority.class', CLASSES, name);
  const hasLevel = name === 'realtime' || name === 'best-effort';
  return [BigInt(position), rank('ioPriority.level', level, 0, 7, hasLevel, `the class '${String(name)}'`)];
}

export function ioPriorityFrom(answer: BigUint64Array): IoPriority {
  const [position, level] = valuesFrom(answer, 2);
  return { class: nameFrom(CLASSES, position as bigint), level: Number(level) };
}

export function schedulerValues(scheduler: unknown): bigint[] {
  if (typeof scheduler !== 'object' || scheduler === null) throw invalidType('scheduler', 'of type object', scheduler);
  const { policy, priority } = scheduler as { policy?: unknown; priority?: unknown };
  const position = positionOf('scheduler.policy', POLICIES, policy);
  const hasPriority = policy === 'fifo' || policy === 'rr';
  return [BigInt(position), rank('scheduler.priority', priority, 1, 99, hasPriority, `the policy '${String(policy)}'`)];
}

export function schedulerFrom(answer: BigUint64Array): Scheduler {
  const [position, priority] = valuesFrom(answer, 2);
  return { policy: nameFrom(POLICIES, position as bigint), priority: Number(priority) };
}

/** A mask of processors, in words. */
export function affinityValues(cpus: unknown): bigint[] {
  if (!isIterable(cpus)) throw invalidType('cpus', 'an iterable object of numbers', cpus);
  const words: bigint[] = [];
  let count = 0;
  for (const cpu of cpus) {
    const number = checkInteger(`cpus[${count++}]`, cpu, 0, MAX_MASK_WORDS * WORD - 1);
    const word = Math.floor(number / WORD);
    while (words.length <= word) words.push(0n);
    words[word] = (words[word] as bigint) | (1n << BigInt(number % WORD));
  }
  if (count === 0) throw outOfRange('cpus', 'one processor or more', cpus);
  return words;
}

export function affinityFrom(answer: BigUint64Array): number[] {
  const cpus: number[] = [];
  valuesFrom(answer, 1).forEach((word, index) => {
    for (let bit = 0; bit < WORD; bit++) if ((word >> BigInt(bit)) & 1n) cpus.push(index * WORD + bit);
  });
  return cpus;
}

/** A level or priority: required with some classes and policies, and 0 or absent with the others. */
function rank(name: string, value: unknown, min: number, max: number, has: boolean, owner: string): bigint {
  if (has) return BigInt(checkInteger(name, value, min, max));
  if (value !== undefined && checkInteger(name, value, 0, max) !== 0) throw outOfRange(name, `0 with ${owner}`, value);
  return 0n;
}

function positionOf(name: string, names: readonly string[], value: unknown): number {
  if (typeof value !== 'string') throw invalidType(name, 'of type string', value);
  const position = names.indexOf(value);
  if (position >= 0) return position;
  throw invalidValue(name, `must be one of ${names.join(', ')}${didYouMean(value, names)}`, value);
}

/** The names of a field's first member, in their order. */
function namesOf(field: number): readonly string[] {
  const type = FIELDS[field]?.type;
  const member = type?.kind === 'struct' ? type.members[0]?.type : undefined;
  return member?.kind === 'enum' ? member.values : [];
}

const CLASSES = namesOf(FIELD_INDEX.ioPriority) as readonly IoClass[];
const POLICIES = namesOf(FIELD_INDEX.scheduler) as readonly SchedulerPolicy[];

/** Bits of a word of a mask. */
const WORD = 64;
