import { types } from 'node:util';
import { checkFunction, checkInteger, checkNames, invalidType, invalidValue } from './arguments.js';
import { COMMON_SECRETS } from './labels.js';
import { GROUPINGS, type Grouping, type GroupRule, Rules } from './rules.js';

/**
 * What is measured besides processor time, memory, threads, page faults, states and starts: context switches; disk I/O; open
 * descriptors and their limit; the score for the OOM killer; executables that were removed or replaced.
 */
export type Extra = (typeof EXTRAS)[number];

/** Options of `groupProcesses()`. */
export interface GroupOptions {
  /** What makes a group: something that processes have in common, or rules. Default `'name'`. */
  readonly groupBy?: Grouping | readonly GroupRule[] | undefined;
  /** How many groups there are at most, beside the group `other`, which has the processes of any more. Default 200, at most 10,000. */
  readonly maxGroups?: number | undefined;
  /** How long the name of a group is at most, in UTF-16 units. Default 80, from 16 to 1,024. */
  readonly maxNameLength?: number | undefined;
  /**
   * Milliseconds after which a group without a process gives its place back: its series end. Default 300,000. `Infinity` is never:
   * then there are `maxGroups` different names at most as long as the program runs.
   */
  readonly forgetAfter?: number | undefined;
  /**
   * What these match in the name of a group becomes `***`. Default: `COMMON_SECRETS`. Yours take their place: to have both, write
   * `[...COMMON_SECRETS, /key-\w+/]`.
   */
  readonly redact?: readonly RegExp[] | undefined;
  /** Milliseconds from one reading of every process to the next. Default 10,000, at least 50. */
  readonly interval?: number | undefined;
  /** Milliseconds after which what is expensive is read of every process again. Default 60,000, at least `interval`. */
  readonly slowInterval?: number | undefined;
  /** What is measured besides the cheap numbers. Default: all of it. */
  readonly include?: readonly Extra[] | undefined;
  /** Is called with an error if processes cannot be read. It is tried again after an interval. Default: nothing is called. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** Options that have been checked. */
export interface ReadGroupOptions {
  readonly rules: Rules;
  readonly maxGroups: number;
  readonly maxNameLength: number;
  readonly forgetAfter: number;
  readonly redact: readonly RegExp[];
  readonly interval: number;
  readonly slowInterval: number;
  readonly include: readonly Extra[];
  readonly onError: (error: unknown) => void;
}

export function readGroupOptions(options: unknown = {}): ReadGroupOptions {
  const given = checkNames('options', options, NAMES) as { [name in keyof GroupOptions]?: unknown };
  const rules = readRules(given.groupBy ?? 'name');
  const maxGroups = checkInteger('options.maxGroups', given.maxGroups, MAX_GROUPS, 1, MOST_GROUPS);
  if (rules.fixedNames.length > maxGroups) {
    const reason = `must be at least ${rules.fixedNames.length}, for so many groups have fixed names`;
    throw invalidValue('options.maxGroups', reason, maxGroups);
  }
  const interval = checkInteger('options.interval', given.interval, INTERVAL, MIN_INTERVAL, LONGEST);
  const slow = given.slowInterval ?? Math.max(interval, SLOW_INTERVAL);
  checkFunction('options.onError', given.onError);
  return {
    rules,
    maxGroups,
    maxNameLength: checkInteger('options.maxNameLength', given.maxNameLength, NAME_LENGTH, 16, 1024),
    forgetAfter:
      given.forgetAfter === Number.POSITIVE_INFINITY
        ? given.forgetAfter
        : checkInteger('options.forgetAfter', given.forgetAfter, FORGET_AFTER, 0, LONGEST),
    redact: readPatterns(given.redact),
    interval,
    slowInterval: checkInteger('options.slowInterval', slow, SLOW_INTERVAL, interval, LONGEST),
    include: readExtras(given.include),
    onError: (given.onError as GroupOptions['onError']) ?? (() => {}),
  };
}

function readRules(groupBy: unknown): Rules {
  if (Array.isArray(groupBy)) return new Rules(groupBy as readonly GroupRule[]);
  if (typeof groupBy === 'string' && Object.hasOwn(GROUPINGS, groupBy))
    return new Rules(GROUPINGS[groupBy as Grouping]);
  const names = Object.keys(GROUPINGS).map((name) => `'${name}'`);
  throw invalidValue('options.groupBy', `must be one of ${names.join(', ')}, or a list of rules`, groupBy);
}

function readPatterns(redact: unknown): readonly RegExp[] {
  if (redact === undefined) return COMMON_SECRETS;
  const patterns: readonly unknown[] | undefined = Array.isArray(redact) ? redact : undefined;
  if (patterns === undefined || !patterns.every((each) => types.isRegExp(each))) {
    throw invalidType('options.redact', 'a list of RegExps', redact);
  }
  return patterns;
}

function readExtras(include: unknown = EXTRAS): readonly Extra[] {
  if (!Array.isArray(include)) throw invalidType('options.include', 'a list', include);
  const unknown = (include as readonly unknown[]).find((each) => !(EXTRAS as readonly unknown[]).includes(each));
  if (unknown === undefined) return include;
  throw invalidValue('options.include', `must have of ${EXTRAS.join(', ')} alone`, unknown);
}

/** The names of options. */
export const NAMES = [
  'groupBy',
  'maxGroups',
  'maxNameLength',
  'forgetAfter',
  'redact',
  'interval',
  'slowInterval',
  'include',
  'onError',
] as const satisfies readonly (keyof GroupOptions)[];

export const EXTRAS = ['contextSwitches', 'io', 'descriptors', 'oomScore', 'deleted'] as const;

const MAX_GROUPS = 200;
const MOST_GROUPS = 10_000;
const NAME_LENGTH = 80;
const FORGET_AFTER = 300_000;
const INTERVAL = 10_000;
const MIN_INTERVAL = 50;
const SLOW_INTERVAL = 60_000;
const LONGEST = 2 ** 31 - 1;
