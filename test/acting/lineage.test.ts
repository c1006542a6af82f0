import { EventKind, type RawEvent } from '@psutil-extra/native/protocol';
import { describe, expect, test } from 'vitest';
import { Lineage } from '../../packages/client/dist/actions/lineage.js';
import { held } from '../endurance/memory.js';

/** Who descends from a tree, by events that are made here. The tree's root is 10, which began at 1000. */
const ROOT = [10, 1000] as const;
const event = (kind: RawEvent['kind'], pid: number, time: number, value = 0, start = Math.floor(time / 10) * 10) =>
  ({ kind, pid, value, time, start, name: '', path: '' }) satisfies RawEvent;
const fork = (parent: number, pid: number, time: number) => event(EventKind.fork, pid, time, parent);
const exit = (pid: number, time: number) => event(EventKind.exit, pid, time);
const lost = event(EventKind.lost, 0, Number.NaN, 5);

function lineageOf(...events: readonly RawEvent[]): Lineage {
  const lineage = new Lineage();
  lineage.include(...ROOT);
  lineage.apply(events);
  return lineage;
}

const taken = (lineage: Lineage) => lineage.take(() => false).map(({ pid }) => pid);

describe('of the tree', () => {
  test('is a child of a member, and reported once', () => {
    const lineage = lineageOf(fork(10, 11, 5000));
    expect(taken(lineage)).toEqual([11]);
    expect(taken(lineage)).toEqual([]);
  });

  test('is a process all of whose forebears up to a member have ended', () => {
    const lineage = lineageOf(
      fork(10, 11, 5000),
      fork(11, 12, 5001),
      exit(11, 5002),
      fork(12, 13, 5003),
      exit(12, 5004),
    );
    expect(taken(lineage)).toEqual([13]);
  });

  test('is also what a process had forked before it was found to be a member', () => {
    const lineage = lineageOf(fork(20, 21, 5000), fork(21, 22, 5001), exit(20, 5002), exit(21, 5003));
    expect(taken(lineage)).toEqual([]);
    lineage.include(20, 2000);
    expect(taken(lineage)).toEqual([22]);
  });

  test('is a process that was found to be a member after its fork had been reported', () => {
    const lineage = lineageOf(fork(30, 31, 5000));
    lineage.include(31, 5000);
    lineage.apply([fork(31, 32, 5100)]);
    expect(taken(lineage)).toContain(32);
  });

  test('is none that is known already, until it is not', () => {
    const lineage = lineageOf(fork(10, 11, 5000));
    expect(lineage.take(() => true)).toEqual([]);
    expect(taken(lineage)).toEqual([11]);
  });

  test('is none that has ended', () => {
    const lineage = lineageOf(fork(10, 11, 5000), exit(11, 5001));
    expect(taken(lineage)).toEqual([]);
  });

  test('is no child of another process', () => {
    expect(taken(lineageOf(fork(20, 21, 5000), fork(0, 22, 5001)))).toEqual([]);
  });
});

describe("a PID that is another process's by now", () => {
  test('has other children: those of the second are not of the tree', () => {
    const lineage = lineageOf(exit(10, 5000), fork(1, 10, 5001), fork(10, 11, 5002));
    expect(taken(lineage)).toEqual([]);
  });

  test('has other children also where the end of the first was not reported', () => {
    const lineage = lineageOf(fork(10, 11, 5000), fork(1, 11, 5001), fork(11, 12, 5002));
    expect(taken(lineage)).toEqual([]);
  });

  test('shows that the first has ended', () => {
    const lineage = lineageOf(fork(10, 11, 5000));
    const [first] = lineage.take(() => false);
    lineage.apply([fork(1, 11, 5001)]);
    expect(first?.hasEnded).toBe(true);
  });

  test("was a stranger's before: its children are not those of the member that has it later", () => {
    const lineage = lineageOf(fork(20, 21, 5000), exit(20, 5001));
    lineage.include(20, 5050);
    expect(taken(lineage)).toEqual([]);
  });

  test("was perhaps a stranger's in the same tick: its children are not taken", () => {
    const lineage = lineageOf(fork(20, 21, 5005));
    lineage.include(20, 5000);
    expect(taken(lineage)).toEqual([]);
  });
});

describe('where events are lost', () => {
  test('members have to be found again, because a PID may have been given to another process meanwhile', () => {
    const lineage = lineageOf();
    expect(lineage.apply([lost, fork(10, 11, 5000)])).toBe(true);
    expect(lineage.includes(...ROOT)).toBe(false);
    expect(taken(lineage)).toEqual([]);
    lineage.include(...ROOT);
    expect(taken(lineage)).toEqual([11]);
  });

  test('those that were found before are still taken', () => {
    const lineage = lineageOf(fork(10, 11, 5000));
    lineage.apply([lost]);
    expect(taken(lineage)).toEqual([11]);
  });
});

/** A process forks another one and ends, and so on. */
function relay(lineage: Lineage, first: number): void {
  for (let pid = first; pid < first + 100_000; pid++) {
    lineage.apply([fork(pid, pid + 1, 5000 + pid), exit(pid, 5000 + pid)]);
  }
}

describe('processes that fork the next one and end, a hundred thousand times', () => {
  test('take memory for a small part of them only', async () => {
    const lineage = lineageOf();
    const { values } = await held();
    relay(lineage, 1000);
    expect((await held()).values - values).toBeLessThan(4e6);
    expect(taken(lineage)).toEqual([]);
  });

  test('are of the tree when the first of them is found to be', () => {
    const lineage = lineageOf();
    relay(lineage, 1000);
    lineage.include(1000, 100);
    expect(taken(lineage)).toEqual([101_000]);
  });
});

describe('which process an event means', () => {
  const [bpf] = lineageOf(fork(10, 11, 5005)).take(() => false);
  const [netlink] = lineageOf(event(EventKind.fork, 11, 5005, 10, Number.NaN)).take(() => false);

  test.each([
    [5000, true, true],
    [4990, false, true],
    [5010, false, false],
    [{ code: 'EACCES' }, false, false],
  ])('by its start, or the time of the event where that is not reported: %o', (startTime, byStart, byTime) => {
    expect(bpf?.mayBe(startTime)).toBe(byStart);
    expect(netlink?.mayBe(startTime)).toBe(byTime);
  });
});
