import { constants } from 'node:os';
import type { Numbering } from '@psutil-extra/native/protocol';
import { invalidType, invalidValue } from '../support/arguments.js';
import { capabilities } from '../support/capabilities.js';
import { didYouMean } from '../support/nearest.js';
import { NamedSet } from './named-set.js';
import type { SignalSet } from './signal-masks.js';

/** The set whose bits are the four words from a position on, the lowest first; `numbering` is that of another machine. */
export function signalSet(words: Uint32Array, at: number, numbering?: Numbering): SignalSet {
  return new Signals(words, at, signalsOf(numbering));
}

/** The number of a signal that is to be sent: 0 asks only. */
export function sentSignal(name: string, signal: unknown, numbering?: Numbering): number {
  const signals = signalsOf(numbering);
  const { highest } = signals;
  if (typeof signal === 'number') {
    if (signal === 0 || (Number.isInteger(signal) && signal > 0 && signal <= highest)) return signal;
    throw invalidValue(name, `must be a signal's name, or its number from 0 to ${highest}`, signal);
  }
  if (typeof signal !== 'string') throw invalidType(name, 'of type string or number', signal);
  const number = signals.find(signal);
  if (number >= 1 && number <= highest) return number;
  throw invalidValue(name, `must be a signal's number or its name, such as 'SIGTERM'${signals.hint(signal)}`, signal);
}

/** The name of a signal by its number. */
export function signalName(signal: number): string {
  return OF_THIS_SYSTEM.nameOf(signal);
}

/** The signals of a system. */
class SignalNumbers {
  /** The highest number. */
  readonly highest: number;
  readonly #byName: ReadonlyMap<string, number>;
  readonly #byNumber = new Map<number, string>();
  readonly #lowestRealTime: number;
  readonly #highestRealTime: number;

  constructor(byName: ReadonlyMap<string, number>) {
    this.#byName = byName;
    this.#lowestRealTime = byName.get('SIGRTMIN') ?? Number.NaN;
    this.#highestRealTime = byName.get('SIGRTMAX') ?? Number.NaN;
    this.highest = Math.max(0, ...byName.values());
    // If two names have one number (SIGABRT and SIGIOT), the first is the usual one.
    for (const [name, number] of byName) if (!this.#byNumber.has(number)) this.#byNumber.set(number, name);
    // The last real-time signal is named by its distance from the first, as every other.
    if (this.#highestRealTime > this.#lowestRealTime) this.#byNumber.delete(this.#highestRealTime);
  }

  nameOf(signal: number): string {
    const name = this.#byNumber.get(signal);
    if (name !== undefined) return name;
    const first = this.#lowestRealTime;
    return signal > first && signal <= this.#highestRealTime ? `SIGRTMIN+${signal - first}` : `SIG${signal}`;
  }

  /** The number of a signal by its name. Throws for an unknown name, which is no signal that the set lacks. */
  numberOf(name: string): number {
    const number = this.find(name);
    if (number >= 1 && number <= WORDS * 32) return number;
    throw invalidValue('signal', `must be a signal's number or its name, such as 'SIGTERM'${this.hint(name)}`, name);
  }

  /** The number of a name; NaN if there is none. */
  find(name: string): number {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    const match = /^SIG(?:RTMIN(?:\+(\d+))?|RTMAX(?:-(\d+))?|(\d+))$/.exec(name);
    if (match === null) return Number.NaN;
    const [, above, below, number] = match;
    if (number !== undefined) return Number(number);
    const [first, last] = [this.#lowestRealTime, this.#highestRealTime];
    const realTime = name.startsWith('SIGRTMIN') ? first + Number(above ?? 0) : last - Number(below ?? 0);
    return realTime >= first && realTime <= last ? realTime : Number.NaN;
  }

  hint(name: string): string {
    return didYouMean(name, this.#byName.keys(), 'SIG');
  }
}

class Signals extends NamedSet implements SignalSet {
  readonly #signals: SignalNumbers;

  constructor(words: Uint32Array, at: number, signals: SignalNumbers) {
    super();
    this.#signals = signals;
    for (let word = 0; word < WORDS; word++) this.addBits(words[at + word] as number, word * 32 + 1);
  }

  protected override get first(): number {
    return 1;
  }

  protected override numberOf(name: string): number {
    return this.#signals.numberOf(name);
  }

  protected override nameOf(signal: number): string {
    return this.#signals.nameOf(signal);
  }

  protected override get kind(): string {
    return 'SignalSet';
  }
}

// Kept like that of its base class.
Object.defineProperty(Signals.prototype, 'constructor', { value: Set, configurable: true, writable: true });

const WORDS = 4;

const OF_THIS_SYSTEM = new SignalNumbers(
  new Map(
    capabilities().signals.length > 0
      ? capabilities().signals.map(({ name, number }) => [name, number])
      : Object.entries(constants.signals),
  ),
);
const OF_OTHERS = new WeakMap<Numbering, SignalNumbers>();

function signalsOf(numbering: Numbering | undefined): SignalNumbers {
  if (numbering === undefined) return OF_THIS_SYSTEM;
  let known = OF_OTHERS.get(numbering);
  if (known === undefined) {
    known = new SignalNumbers(new Map(numbering.signals.map(({ name, number }) => [name, number])));
    OF_OTHERS.set(numbering, known);
  }
  return known;
}
