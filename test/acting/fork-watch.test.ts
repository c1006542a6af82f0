import { EventKind, type RawEvent } from '@psutil-extra/native/protocol';
import type { NoSuchProcessError } from 'psutil-extra';
import { describe, expect, test } from 'vitest';
import * as forkWatch from '../../packages/client/dist/actions/fork-watch.js';
import { Member } from '../../packages/client/dist/actions/member.js';
import type { Adopted } from '../../packages/client/dist/actions/tree-kill-parts.js';
import * as errors from '../../packages/client/dist/support/errors.js';
import type { EventConsumer } from '../../packages/client/dist/watch/event-consumer.js';
import { rejection } from '../processes/rejection.js';

const processOf = (pid: number, startTime: number) => ({ pid, start: startTime / 10 + 0.5, startTime, boot: '' });

/** Follows the forks of a tree, by events, processes and signals that are made here. The root is 10, which began at 1000. */
class Made {
  readonly members = new Map<number, Member>();
  /** The start times of the processes that there are. */
  readonly processes = new Map<number, number>([[10, 1000]]);
  readonly sent: string[] = [];
  /** Reported when the watch asks for all that has happened by now. */
  readonly late: RawEvent[] = [];
  readonly shared: forkWatch.ForkEvents;
  consumer: EventConsumer | undefined;
  isStopping = true;
  subscriptions = 0;
  failure: Error | undefined;

  constructor() {
    this.members.set(10, new Member(processOf(10, 1000), 'stopped'));
    this.shared = new forkWatch.ForkEvents(
      {
        refusal: undefined,
        add: (consumer: EventConsumer) => {
          this.consumer = consumer;
          this.subscriptions++;
          return {
            isKept: false,
            hold() {},
            release() {},
            close: () => void this.subscriptions--,
            caughtUp: async () => consumer.received(this.late.splice(0)),
          };
        },
      },
      {
        find: async (pid: number) => {
          if (this.failure !== undefined) throw this.failure;
          const startTime = this.processes.get(pid);
          if (startTime === undefined) throw noSuchProcess(pid);
          return processOf(pid, startTime);
        },
      },
      {
        send: async ({ pid }: { pid: number }, signal: number) => {
          this.sent.push(`${pid}:${signal}`);
          return 'sent';
        },
      },
    );
  }

  /** A watch whose events are reported, and that knows the root. */
  async watch(): Promise<forkWatch.ForkWatch> {
    const watch = this.shared.watch(this.members, () => this.isStopping) as forkWatch.ForkWatch;
    this.consumer?.opened('bpf');
    await watch.learn(Number.POSITIVE_INFINITY, async () => {});
    return watch;
  }
}

const noSuchProcess = (pid: number): NoSuchProcessError =>
  new errors.NoSuchProcessError('gone', { pid, code: 'ESRCH' } as never);
const event = (kind: RawEvent['kind'], pid: number, time: number, value = 0) =>
  ({ kind, pid, value, time, start: Math.floor(time / 10) * 10, name: '', path: '' }) satisfies RawEvent;
const fork = (parent: number, pid: number, time: number) => event(EventKind.fork, pid, time, parent);
const turn = () => new Promise((resolve) => setImmediate(resolve));
const pidsOf = (adopted: readonly Adopted[]) => adopted.map(({ identified }) => identified.pid);

describe('what events show to be of a tree', () => {
  test('is stopped at once while the tree is, and adopted when the tree is listed next', async () => {
    const made = new Made();
    const watch = await made.watch();
    made.processes.set(11, 5000);
    made.consumer?.received([fork(10, 11, 5000)]);
    await turn();
    expect(made.sent).toEqual(['11:19']);
    const { adopted, isQuiet } = await watch.adopt();
    expect(adopted).toMatchObject([{ identified: { pid: 11 }, isHeld: true }]);
    expect(isQuiet).toBe(false);
    expect(await watch.adopt()).toEqual({ adopted: [], isQuiet: true });
  });

  test('is only adopted while the tree runs', async () => {
    const made = new Made();
    made.isStopping = false;
    const watch = await made.watch();
    made.processes.set(11, 5000);
    made.late.push(fork(10, 11, 5000));
    expect((await watch.adopt()).adopted).toMatchObject([{ identified: { pid: 11 }, isHeld: false }]);
    expect(made.sent).toEqual([]);
  });

  test('is looked for beyond a process that has ended when it is found', async () => {
    const made = new Made();
    const watch = await made.watch();
    made.processes.set(12, 5010);
    made.consumer?.received([fork(10, 11, 5000)]);
    made.late.push(fork(11, 12, 5010), event(EventKind.exit, 11, 5011));
    expect(pidsOf((await watch.adopt()).adopted)).toEqual([12]);
    expect(made.sent).toEqual(['12:19']);
  });

  test("is not signalled where its PID is another process's by now, even of the same tick", async () => {
    for (const start of [5010, 5000]) {
      const made = new Made();
      const watch = await made.watch();
      made.processes.set(11, start);
      made.consumer?.received([fork(10, 11, 5000)]);
      made.late.push(event(EventKind.exit, 11, 5001), fork(1, 11, 5001 + start - 5000));
      expect(await watch.adopt()).toEqual({ adopted: [], isQuiet: false });
      expect(made.sent).toEqual([]);
    }
  });

  test('is not looked for again where a listing has found it', async () => {
    const made = new Made();
    const watch = await made.watch();
    made.members.set(11, new Member({ pid: 11, start: 500, startTime: 5000, boot: '' }, 'stopped'));
    made.late.push(fork(10, 11, 5000));
    expect(await watch.adopt()).toEqual({ adopted: [], isQuiet: true });
  });

  test('lets run on what it has stopped and nobody has adopted', async () => {
    const made = new Made();
    const watch = await made.watch();
    made.processes.set(11, 5000);
    made.consumer?.received([fork(10, 11, 5000)]);
    await turn();
    await watch.end();
    expect(made.sent).toEqual(['11:19', '11:18']);
    expect(made.subscriptions).toBe(0);
  });

  test('is an error where the processes cannot be read, and is ended all the same', async () => {
    const made = new Made();
    const watch = await made.watch();
    made.failure = new Error('EMFILE');
    made.consumer?.received([fork(10, 11, 5000)]);
    await turn();
    expect(await rejection(watch.adopt())).toBe(made.failure);
    await watch.end();
    expect(made.subscriptions).toBe(0);
  });
});

describe('a member', () => {
  test('is what events call by its PID only if it was found by a listing that began after they had', async () => {
    const made = new Made();
    const watch = made.shared.watch(made.members, () => false) as forkWatch.ForkWatch;
    const began = performance.now() - 1;
    made.consumer?.opened('bpf');
    await watch.learn(began, async () => {});
    made.processes.set(11, 5000);
    made.late.push(fork(10, 11, 5000));
    expect((await watch.adopt()).adopted).toEqual([]);
    await watch.learn(performance.now(), async () => {});
    expect(pidsOf((await watch.adopt()).adopted)).toEqual([11]);
  });

  test('is asked for whether it is no other process of its tick, and is not known if it is', async () => {
    const made = new Made();
    const watch = made.shared.watch(made.members, () => false) as forkWatch.ForkWatch;
    made.consumer?.opened('bpf');
    await watch.learn(performance.now(), async (member) => member.gone());
    made.late.push(fork(10, 11, 5000));
    expect(await watch.adopt()).toEqual({ adopted: [], isQuiet: true });
  });
});

describe('without events', () => {
  test('nothing is found, and a client that may not have them does not try again', async () => {
    const made = new Made();
    const watch = made.shared.watch(made.members, () => true) as forkWatch.ForkWatch;
    const opening = watch.opening();
    made.consumer?.failed(new errors.AccessDeniedError('no', { pid: 0, code: 'EPERM' } as never));
    expect(await opening).toBe(false);
    expect(await watch.adopt()).toEqual({ adopted: [], isQuiet: true });
    expect(made.shared.watch(made.members, () => true)).toBeUndefined();
    expect(made.subscriptions).toBe(0);
  });

  test('because their thread has ended, nothing is found any more, and the next tree tries again', async () => {
    const made = new Made();
    const watch = await made.watch();
    made.consumer?.failed(new errors.WorkerError('ended', 'ERR_WORKER_DIED'));
    made.consumer?.received([fork(10, 11, 5000)]);
    expect(await watch.adopt()).toEqual({ adopted: [], isQuiet: true });
    expect(made.shared.watch(made.members, () => true)).toBeDefined();
  });
});
