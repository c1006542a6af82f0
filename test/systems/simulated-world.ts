import { FIELD_INDEX, STATES } from '@psutil-extra/native/protocol';
import { constants, type Field, type Limits, type ResourceName } from 'psutil-extra';
import { DENIED_SET, type SimulatedProcess, simulated, simulation } from './simulation.js';
import type { Facts, Member, Promised, Truth, World } from './world.js';

const NONE = 2n ** 64n - 1n;
const KIND_OF = { pending: 0, blocked: 1, ignored: 2, caught: 3, processPending: 4 } as const;
const FIRST_PID = 2001;

/** The table of a simulated kernel. */
export class SimulatedWorld implements World {
  readonly promised: Promised;
  readonly unusedPid = 99_998;
  readonly lacking = { recyclable: [false, ''], deny: [false, ''] } as World['lacking'];
  readonly #kernel = simulation();
  readonly #members = new Map<number, SimulatedProcess>();
  #next = FIRST_PID;

  constructor(promised: Promised) {
    this.promised = promised;
    this.#kernel.reset();
    this.put({ pid: 1, name: Buffer.from('init'), umask: 0o22 });
  }

  /** A process with any facts of the kernel; those that are left out have plausible values. */
  put(process: SimulatedProcess): SimulatedProcess {
    const { pid } = process;
    const whole: SimulatedProcess = {
      ppid: 1,
      pgid: pid,
      sid: 1,
      threads: 3,
      umask: 0o27,
      state: STATES.indexOf('sleeping'),
      start: 500_000_000 + pid * 1001,
      uids: Uint32Array.of(1000, 1001, 1002),
      gids: Uint32Array.of(100, 101, 102),
      // The effective group comes first in a kernel's list.
      groups: Uint32Array.of(101, 4, 24),
      signals: signals({ blocked: [1, 2], ignored: [13], caught: [15] }),
      limits: limits(),
      name: Buffer.from('sleep'),
      ...process,
    };
    this.#members.set(pid, whole);
    this.#kernel.put(whole);
    return whole;
  }

  make(facts: Facts = {}): Promise<Member> {
    return Promise.resolve(new SimulatedMember(this, this.#next++, facts));
  }

  own(): Promise<{ readonly pid: number; readonly limits: Truth['limits'] }> {
    this.put({ pid: process.pid });
    return Promise.resolve({ pid: process.pid, limits: this.limitsOf(process.pid) });
  }

  zombie(): Promise<number> {
    const pid = this.#next++;
    this.put({ pid, state: STATES.indexOf('zombie') });
    return Promise.resolve(pid);
  }

  recyclable(): Promise<{ readonly pid: number; recycle(): Promise<boolean> }> {
    const pid = this.#next++;
    const { start } = this.put({ pid });
    return Promise.resolve({
      pid,
      recycle: () => {
        this.put({ pid, start: (start as number) + 1000 });
        return Promise.resolve(true);
      },
    });
  }

  deny({ pid }: { readonly pid: number }, what: Field | 'set'): void {
    const member = this.member(pid);
    const denied = what === 'set' ? DENIED_SET : 1 << FIELD_INDEX[what];
    this.put({ ...member, denied: (member.denied ?? 0) + denied });
  }

  member(pid: number): SimulatedProcess {
    return this.#members.get(pid) as SimulatedProcess;
  }

  remove(pid: number): void {
    this.#kernel.remove(pid);
  }

  limitsOf(pid: number): Partial<Record<ResourceName, Limits>> {
    const words = this.#kernel.limits(pid) ?? new BigUint64Array();
    return Object.fromEntries(
      resourceNames().map((name, resource) => [
        name,
        { soft: limitOf(words[resource * 2]), hard: limitOf(words[resource * 2 + 1]) },
      ]),
    );
  }

  close(): Promise<void> {
    this.#kernel.reset();
    return Promise.resolve();
  }
}

class SimulatedMember implements Member {
  readonly pid: number;
  readonly #world: SimulatedWorld;

  constructor(world: SimulatedWorld, pid: number, facts: Facts) {
    this.#world = world;
    this.pid = pid;
    world.put({ pid, ...made(pid, facts, limits()) });
  }

  truth(): Promise<Truth> {
    const it = this.#world.member(this.pid) as Required<SimulatedProcess>;
    const set = (kind: keyof typeof KIND_OF) =>
      (it.signals[KIND_OF[kind] * 2] as bigint) | ((it.signals[KIND_OF[kind] * 2 + 1] as bigint) << 64n);
    return Promise.resolve({
      name: Buffer.from(it.name).toString(),
      ppid: it.ppid,
      uids: ids(it.uids),
      gids: ids(it.gids),
      groups: [...it.groups],
      umask: it.umask,
      pgid: it.pgid,
      sid: it.sid,
      threads: it.threads,
      blocked: set('blocked'),
      ignored: set('ignored'),
      caught: set('caught'),
      limits: this.#world.limitsOf(this.pid),
    });
  }

  change(facts: Facts): Promise<void> {
    const it = this.#world.member(this.pid);
    this.#world.put({ ...it, ...made(this.pid, facts, it.limits as BigUint64Array) });
    return Promise.resolve();
  }

  end(): Promise<void> {
    this.#world.remove(this.pid);
    return Promise.resolve();
  }
}

/** The simulated process of these facts. */
function made(pid: number, facts: Facts, before: BigUint64Array): Partial<SimulatedProcess> {
  const { name, umask, blocked, ignored, caught, leads } = facts;
  const limited = before.slice();
  for (const [resource, { soft, hard }] of Object.entries(facts.limits ?? {})) {
    const number = constants[resource as ResourceName] as number;
    limited[number * 2] = wordOf(soft);
    limited[number * 2 + 1] = wordOf(hard);
  }
  return {
    ...(name !== undefined && { name: Buffer.from(name) }),
    ...(umask !== undefined && { umask }),
    ...((blocked ?? ignored ?? caught) && {
      signals: signals({
        blocked: signalNumbers(blocked),
        ignored: signalNumbers(ignored),
        caught: signalNumbers(caught),
      }),
    }),
    ...(leads === true && { pgid: pid, sid: pid }),
    limits: limited,
  };
}

/** The words of sets of signals. */
export function signals(sets: { readonly [K in keyof typeof KIND_OF]?: readonly number[] }): BigUint64Array {
  const words = new BigUint64Array(10);
  for (const [kind, numbers] of Object.entries(sets)) {
    for (const number of numbers) {
      const word = KIND_OF[kind as keyof typeof KIND_OF] * 2 + ((number - 1) >> 6);
      words[word] = (words[word] as bigint) | (1n << BigInt((number - 1) & 63));
    }
  }
  return words;
}

/** Different limits of each resource of the system, and none of the last. */
function limits(): BigUint64Array {
  const count = resourceNames().length;
  const words = BigUint64Array.from({ length: count * 2 }, (_, i) => 10_000n + BigInt(i));
  words.fill(NONE, count * 2 - 2);
  return words;
}

/** One name of each resource, in the order of their numbers. */
function resourceNames(): string[] {
  const names: string[] = [];
  for (const { name, number } of simulated()?.capabilities.resources ?? []) names[number] ??= name;
  return names;
}

function signalNumbers(names: readonly string[] | undefined): number[] {
  return names?.map(signalNumber) ?? [];
}

function signalNumber(wanted: string): number {
  const found = simulated()?.capabilities.signals.find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`this system has no ${wanted}`);
  return found.number;
}

function limitOf(word: bigint | undefined): number {
  return word === NONE ? Number.POSITIVE_INFINITY : Number(word);
}

function wordOf(value: number): bigint {
  return value === Number.POSITIVE_INFINITY ? NONE : BigInt(value);
}

function ids([real, effective, saved]: Uint32Array): Truth['uids'] {
  return { real: real as number, effective: effective as number, saved: saved as number };
}
