import { constants } from 'node:os';
import { inspect } from 'node:util';
import { invalidValue } from '../support/arguments.js';
import { capabilities } from '../support/capabilities.js';
import { didYouMean } from '../support/nearest.js';
import type { SignalSet } from './signal-masks.js';

/** The set whose bits are the four words from a position on, the lowest first. */
export function signalSet(words: Uint32Array, at: number): SignalSet {
  return new Signals(words, at);
}

class Signals extends Set<number> implements SignalSet {
  constructor(words: Uint32Array, at: number) {
    super();
    for (let word = 0; word < WORDS; word++) {
      for (let bits = words[at + word] as number; bits !== 0; bits &= bits - 1) {
        super.add(word * 32 + 32 - Math.clz32(bits & -bits));
      }
    }
  }

  get mask(): bigint {
    let mask = 0n;
    for (const signal of this) mask |= 1n << BigInt(signal - 1);
    return mask;
  }

  override has(signal: number | string): boolean {
    return super.has(typeof signal === 'string' ? signalNumber(signal) : signal);
  }

  names(): string[] {
    return Array.from(this, nameOf);
  }

  toJSON(): string[] {
    return this.names();
  }

  override add(): never {
    return refuseChange();
  }

  override delete(): never {
    return refuseChange();
  }

  override clear(): never {
    return refuseChange();
  }

  [inspect.custom](): string {
    return `SignalSet { ${this.names().join(', ')} }`;
  }
}

// Jest and Vitest compare constructors: a SignalSet equals any other set of the same numbers.
Object.defineProperty(Signals.prototype, 'constructor', { value: Set, configurable: true, writable: true });

function refuseChange(): never {
  throw new TypeError('a SignalSet cannot be changed; new Set(signals) makes a copy that can');
}

const WORDS = 4;

const BY_NAME: ReadonlyMap<string, number> = new Map(
  capabilities().signals.length > 0
    ? capabilities().signals.map(({ name, number }) => [name, number])
    : Object.entries(constants.signals),
);
const SIGRTMIN = BY_NAME.get('SIGRTMIN') ?? Number.NaN;
const SIGRTMAX = BY_NAME.get('SIGRTMAX') ?? Number.NaN;

const BY_NUMBER = new Map<number, string>();
// If two names have one number (SIGABRT and SIGIOT), the first is the usual one.
for (const [name, number] of BY_NAME) if (!BY_NUMBER.has(number)) BY_NUMBER.set(number, name);
// The last real-time signal is named by its distance from the first, as every other.
if (SIGRTMAX > SIGRTMIN) BY_NUMBER.delete(SIGRTMAX);

function nameOf(signal: number): string {
  const name = BY_NUMBER.get(signal);
  if (name !== undefined) return name;
  return signal > SIGRTMIN && signal <= SIGRTMAX ? `SIGRTMIN+${signal - SIGRTMIN}` : `SIG${signal}`;
}

/** The number of a signal by its name. Throws for an unknown name, which is no signal that the set lacks. */
function signalNumber(name: string): number {
  const number = numberOf(name);
  if (number >= 1 && number <= WORDS * 32) return number;
  const hint = didYouMean(name, BY_NAME.keys(), 'SIG');
  throw invalidValue('signal', `must be a signal's number or its name, such as 'SIGTERM'${hint}`, name);
}

function numberOf(name: string): number {
  const known = BY_NAME.get(name);
  if (known !== undefined) return known;
  const match = /^SIG(?:RTMIN(?:\+(\d+))?|RTMAX(?:-(\d+))?|(\d+))$/.exec(name);
  if (match === null) return Number.NaN;
  const [, above, below, number] = match;
  if (number !== undefined) return Number(number);
  const realTime = name.startsWith('SIGRTMIN') ? SIGRTMIN + Number(above ?? 0) : SIGRTMAX - Number(below ?? 0);
  return realTime >= SIGRTMIN && realTime <= SIGRTMAX ? realTime : Number.NaN;
}
