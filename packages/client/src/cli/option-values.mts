import { isAbsolute } from 'node:path';
import { InvalidArgumentError } from 'commander';
import type { State } from 'psutil-extra';
import { bytesOf } from './quantities.mjs';
import { SELF } from './self.mjs';
import { STATES, stateNamed } from './states.mjs';
import { isRemoved } from './working-directory.mjs';

/*
 * What options and arguments take, from their text: each throws Commander's error for a bad one.
 */

export function listOf(list: string): string[] {
  const items = list.split(',').map((item) => item.trim());
  if (items.includes('')) throw new InvalidArgumentError('It has an empty item.');
  return items;
}

export function names(list: string): string[] {
  return listOf(list).filter((name) => name !== 'pid'); // which is there anyhow
}

export function pattern(text: string): RegExp {
  try {
    return new RegExp(text, 'u');
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? `${error.message}.` : '');
  }
}

/** Patterns that are given one by one. */
export function patterns(text: string, before: readonly RegExp[] = []): RegExp[] {
  return [...before, pattern(text)];
}

/** `64MiB`, `512K`, `1.5G`: units are powers of 1024. */
export function size(text: string): number {
  const bytes = Number(bytesOf(text) ?? (/^\d{1,15}$/.test(text) ? text : Number.NaN));
  if (!(bytes >= 1 && bytes <= Number.MAX_SAFE_INTEGER)) {
    throw new InvalidArgumentError('Expected a size, such as 512K, 64MiB or 1G.');
  }
  return bytes;
}

/** How old something may become, in seconds. */
export function age(text: string): number {
  return timeWithin(text, MIN_SECONDS, MAX_AGE, '0.1s to 366d');
}

/** From one reading to the next, in seconds. */
export function interval(text: string): number {
  return timeWithin(text, MIN_SECONDS, MAX_SECONDS, '0.1s to 1d');
}

/** How long something is waited for, in seconds. */
export function patience(text: string): number {
  return timeWithin(text, 0, MAX_SECONDS, '0 to 1d');
}

/** `90s`, `30m`, `1h`, `1d`, or seconds without a unit. */
function timeWithin(text: string, least: number, most: number, range: string): number {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?|\.\d+)([smhd])?$/.exec(text) ?? [];
  const value = Number(number ?? Number.NaN) * (SECONDS_OF[unit] as number);
  if (!(value >= least && value <= most)) {
    throw new InvalidArgumentError(`Expected a time from ${range}, in seconds or with a unit, such as 30m.`);
  }
  return value;
}

export function port(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > MAX_PORT) throw new InvalidArgumentError('It is not a port.');
  return Number(text);
}

export function positive(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It is not a number of at least 1.');
  return Number(text);
}

export function folder(path: string): string {
  if (isRemoved() && !isAbsolute(path)) {
    throw new InvalidArgumentError('It is not an absolute path, and the working directory has been removed.');
  }
  return path;
}

/** States by name or by the letter of ps(1), separated by commas. */
export function states(list: string): State[] {
  return listOf(list).map((word) => {
    const state = stateNamed(word);
    if (state === undefined)
      throw new InvalidArgumentError(`Unknown state '${word}'; valid states are ${STATES.join(', ')}.`);
    return state;
  });
}

/** As {@link pidsOf}, separated by commas. */
export function pidList(list: string, before: number[] = []): number[] {
  return [...before, ...listOf(list).map(pid)];
}

/** What `scan` takes after itself: a number there is more likely a PID than a part of a name. */
export function patternOrNothing(text: string): RegExp {
  if (/^(?:\d+|self)$/.test(text)) {
    throw new InvalidArgumentError(`A PID is --pid ${text}; a name with ${text} in it is --name ${text}.`);
  }
  return pattern(text);
}

/** As {@link pidsOf}, and says where a signal is to be written, which kill(1) takes in this place. */
export function signalledPids(text: string, before?: number[]): number[] {
  if (/^-\d/.test(text)) {
    throw new InvalidArgumentError('It is not a PID. A signal is --signal 9; a process group is not signalled.');
  }
  return othersOf(text, before);
}

/** As {@link pidsOf}, for what cannot be done to the command itself. */
export function othersOf(text: string, before?: number[]): number[] {
  if (text === 'self') throw new InvalidArgumentError('It is this command itself.');
  return pidsOf(text, before);
}

export function pidsOf(text: string, before: number[] = []): number[] {
  return [...before, pid(text)];
}

/** As kill(1): with or without SIG, in capitals or not. */
export function signalOf(text: string): string | number {
  if (/^\d{1,3}$/.test(text)) return Number(text);
  const name = text.toUpperCase();
  return name.startsWith('SIG') ? name : `SIG${name}`;
}

export function pid(text: string): number {
  if (text === 'self') return SELF;
  if (!/^\d{1,10}$/.test(text) || Number(text) > MAX_PID) throw new InvalidArgumentError('It is not a PID.');
  return Number(text);
}

const SECONDS_OF: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const MIN_SECONDS = 0.1;
const MAX_AGE = 366 * 86_400;
const MAX_SECONDS = 86_400;
const MAX_PORT = 65_535;
const MAX_PID = 0x7fffffff;
