import { constants } from 'node:os';
import { invalidType, invalidValue } from '../support/arguments.js';
import { capabilities } from '../support/capabilities.js';
import { didYouMean } from '../support/nearest.js';
import { NamedSet } from './named-set.js';
import type { SignalSet } from './signal-masks.js';

/** The set whose bits are the four words from a position on, the lowest first. */
export function signalSet(words: Uint32Array, at: number): SignalSet {
  return new Signals(words, at);
}

/** The number of a signal that is to be sent: 0 asks only. */
export function sentSignal(name: string, signal: unknown): number {
  if (typeof signal === 'number') {
    if (signal === 0 || (Number.isInteger(signal) && signal > 0 && signal <= HIGHEST)) return signal;
    throw invalidValue(name, `must be a signal's name, or its number from 0 to ${HIGHEST}`, signal);
  }
  if (typeof signal !== 'string') throw invalidType(name, 'of type string or number', signal);
  const number = numberOf(signal);
  if (number >= 1 && number <= HIGHEST) return number;
  const hint = didYouMean(signal, BY_NAME.keys(), 'SIG');
  throw invalidValue(name, `must be a signal's number or its name, such as 'SIGTERM'${hint}`, signal);
}

/** The name of a signal by its number. */
export function signalName(signal: number): string {
  return nameOf(signal);
}

class Signals extends NamedSet implements SignalSet {
  constructor(words: Uint32Array, at: number) {
    super();
    for (let word = 0; word < WORDS; word++) this.addBits(words[at + word] as number, word * 32 + 1);
  }

  protected override get first(): number {
    return 1;
  }

  protected override numberOf(name: string): number {
    return signalNumber(name);
  }

  protected override nameOf(signal: number): string {
    return nameOf(signal);
  }

  protected override get kind(): string {
    return 'SignalSet';
  }
}

// Kept like that of its base class.
Object.defineProperty(Signals.prototype, 'constructor', { value: Set, configurable: true, writable: true });

const WORDS = 4;

const BY_NAME: ReadonlyMap<string, number> = new Map(
  capabilities().signals.length > 0
    ? capabilities().signals.map(({ name, number }) => [name, number])
    : Object.entries(constants.signals),
);
const SIGRTMIN = BY_NAME.get('SIGRTMIN') ?? Number.NaN;
const SIGRTMAX = BY_NAME.get('SIGRTMAX') ?? Number.NaN;

/** The highest number of a signal. */
const HIGHEST = Math.max(...BY_NAME.values());

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
