import {
  type AccessDeniedError,
  type BigIntLimits,
  type Client,
  type Columns,
  constants,
  createClient,
  type ExitEvent,
  type Field,
  type FieldValues,
  type GroupsColumn,
  type Ids,
  type IdsColumn,
  type Limits,
  type LiveRow,
  type LiveTable,
  type NoSuchProcessError,
  type NotSupportedError,
  type Oneshot,
  type Proc,
  type Process,
  type ProcessError,
  type ProcessEvent,
  type ProcessRow,
  type ProcessTable,
  type ResourceName,
  type SignalMasks,
  type SignalSet,
  type State,
  type Stats,
  type ZombieProcessError,
} from 'psutil-extra';
import { describe, expectTypeOf, test } from 'vitest';

declare const client: Client;
declare const process: Process;
type RowOf<T> = T extends ProcessTable<infer F> ? ProcessRow<F> : never;

describe('a client', () => {
  test('is made with or without options, and can be disposed of', () => {
    expectTypeOf(createClient).returns.toEqualTypeOf<Client>();
    expectTypeOf(createClient).toBeCallableWith();
    expectTypeOf(createClient).toBeCallableWith({ threads: 1, procRoot: '/proc', maxQueue: 9, source: 'bpf' });
    // @ts-expect-error no such source
    createClient({ source: 'ps' });
    expectTypeOf(client).toExtend<AsyncDisposable>();
    expectTypeOf(client.close()).resolves.toEqualTypeOf<void>();
  });

  test('has every field as a method of its type', () => {
    expectTypeOf(client.name(1)).resolves.toEqualTypeOf<string>();
    expectTypeOf(client.ppid(1)).resolves.toEqualTypeOf<number>();
    expectTypeOf(client.state(1)).resolves.toEqualTypeOf<State>();
    expectTypeOf(client.uids(1)).resolves.toEqualTypeOf<Ids>();
    expectTypeOf(client.gids(1)).resolves.toEqualTypeOf<Ids>();
    expectTypeOf(client.groups(1)).resolves.toEqualTypeOf<number[]>();
    expectTypeOf(client.umask(1)).resolves.toEqualTypeOf<number>();
    expectTypeOf(client.sigmasks(1)).resolves.toEqualTypeOf<SignalMasks>();
    expectTypeOf(client.pgid(1)).resolves.toEqualTypeOf<number>();
    expectTypeOf(client.sid(1)).resolves.toEqualTypeOf<number>();
    expectTypeOf(client.threads(1)).resolves.toEqualTypeOf<number>();
    expectTypeOf(client.startTime(1)).resolves.toEqualTypeOf<number>();
    expectTypeOf(client.rlimits(1)).resolves.toEqualTypeOf<Partial<Record<ResourceName, Limits>>>();
    expectTypeOf<Field>().toEqualTypeOf<keyof FieldValues>();
    expectTypeOf<Client>().toHaveProperty('umask');
  });

  test('takes a PID or a Process, and options with a signal', () => {
    expectTypeOf(client.umask).parameter(0).toEqualTypeOf<Proc>();
    expectTypeOf<Proc>().toEqualTypeOf<number | Process>();
    expectTypeOf(client.umask).toBeCallableWith(process, { signal: AbortSignal.timeout(1) });
    // @ts-expect-error no PID
    void client.umask('1');
    // @ts-expect-error no signal
    void client.umask(1, { signal: 9 });
  });

  test('brings limits as numbers, or as bigints where that is asked', () => {
    expectTypeOf(client.getrlimit(1, 'RLIMIT_CORE')).resolves.toEqualTypeOf<Limits>();
    expectTypeOf(client.getrlimit(1, 7, { bigint: true })).resolves.toEqualTypeOf<BigIntLimits>();
    expectTypeOf(client.rlimit(1, 'RLIMIT_CORE', { soft: 0n, hard: Infinity })).resolves.toEqualTypeOf<Limits>();
    expectTypeOf(client.rlimit(1, 4, { soft: 0, hard: 1 }, { bigint: true })).resolves.toEqualTypeOf<BigIntLimits>();
    expectTypeOf(client.rlimits(1, { bigint: true })).resolves.toEqualTypeOf<
      Partial<Record<ResourceName, BigIntLimits>>
    >();
    expectTypeOf<Limits>().toEqualTypeOf<{ soft: number; hard: number }>();
    expectTypeOf<BigIntLimits>().toEqualTypeOf<{ soft: bigint; hard: bigint }>();
    expectTypeOf(constants.RLIM_INFINITY).toEqualTypeOf<bigint>();
    expectTypeOf(constants.RLIMIT_NOFILE).toEqualTypeOf<number>();
    expectTypeOf(constants.RLIMIT_SBSIZE).toEqualTypeOf<number | undefined>();
    // @ts-expect-error no resource
    void client.getrlimit(1, 'NOFILE');
  });

  test('sets fields, and brings the value before', () => {
    expectTypeOf(client.setNice(1, 5)).resolves.toEqualTypeOf<number>();
    expectTypeOf(client.setIoPriority(1, { class: 'idle' }, { allThreads: true })).resolves.toEqualTypeOf<
      FieldValues['ioPriority']
    >();
    expectTypeOf(client.setAffinity(process, new Set([0, 1]))).resolves.toEqualTypeOf<number[]>();
    expectTypeOf(client.setScheduler(1, { policy: 'rr', priority: 1 })).resolves.toEqualTypeOf<
      FieldValues['scheduler']
    >();
    expectTypeOf(client.setOomScoreAdj(1, 0, { signal: AbortSignal.timeout(1) })).resolves.toEqualTypeOf<number>();
    expectTypeOf(process.setNice(5, { allThreads: true })).resolves.toEqualTypeOf<number>();
    // @ts-expect-error no class
    void client.setIoPriority(1, { class: 'low' });
    // @ts-expect-error it is no thread's
    void client.setOomScoreAdj(1, 0, { allThreads: true });
  });

  test('snapshots the five fields, or exactly those asked for, with the fallback beside each', async () => {
    const five = await client.snapshot(1);
    expectTypeOf(five).toEqualTypeOf<
      { pid: number } & { [F in 'umask' | 'groups' | 'sigmasks' | 'pgid' | 'sid']: FieldValues[F] | null }
    >();
    const two = await client.snapshot(1, { fields: ['umask', 'name'], fallback: 'denied' });
    expectTypeOf(two.umask).toEqualTypeOf<number | string>();
    expectTypeOf(two.name).toEqualTypeOf<string>();
    // @ts-expect-error not asked for
    expectTypeOf(two.groups);
    // @ts-expect-error no field
    void client.snapshot(1, { fields: ['umsk'] });
  });

  test('lists PIDs, and reports what it supports and has done', () => {
    expectTypeOf(client.pids()).resolves.toEqualTypeOf<Int32Array>();
    expectTypeOf(client.supports('umask')).toEqualTypeOf<boolean>();
    expectTypeOf(client.stats()).toEqualTypeOf<Stats>();
    expectTypeOf<Stats['reads']>().toEqualTypeOf<Readonly<Record<string, number>>>();
  });
});

describe('a Process', () => {
  test('has a PID, a start time, every other field as a method, and isRunning', () => {
    expectTypeOf(client.process(1)).resolves.toEqualTypeOf<Process>();
    expectTypeOf(process.pid).toEqualTypeOf<number>();
    expectTypeOf(process.startTime).toEqualTypeOf<number>();
    expectTypeOf(process.umask()).resolves.toEqualTypeOf<number>();
    expectTypeOf(process.sigmasks({ signal: AbortSignal.timeout(1) })).resolves.toEqualTypeOf<SignalMasks>();
    expectTypeOf(process.getrlimit('RLIMIT_CPU', { bigint: true })).resolves.toEqualTypeOf<BigIntLimits>();
    expectTypeOf(process.rlimit('RLIMIT_CORE', { soft: 0, hard: 0 })).resolves.toEqualTypeOf<Limits>();
    expectTypeOf(process.isRunning()).resolves.toEqualTypeOf<boolean>();
  });
});

describe('a oneshot', () => {
  test('resolves with what its function returns, awaited', () => {
    expectTypeOf(client.oneshot(1, () => 5)).resolves.toEqualTypeOf<number>();
    expectTypeOf(client.oneshot(1, (scope) => scope.groups())).resolves.toEqualTypeOf<number[]>();
    expectTypeOf(client.oneshot(process, async () => 'x')).resolves.toEqualTypeOf<string>();
  });

  test('without a function is to be disposed of', () => {
    expectTypeOf(client.oneshot(1)).resolves.toEqualTypeOf<Oneshot>();
    expectTypeOf<Oneshot>().toExtend<AsyncDisposable>();
    expectTypeOf<ReturnType<Oneshot['startTime']>>().resolves.toEqualTypeOf<number>();
  });
});

describe('a scan', () => {
  test('has rows of exactly the fields asked for, and pid', async () => {
    const table = await client.scan({ fields: ['name', 'umask', 'rlimits'] });
    type Row = RowOf<typeof table>;
    expectTypeOf({} as Row).toEqualTypeOf<
      { pid: number } & {
        name: string | null;
        umask: number | null;
        rlimits: Partial<Record<ResourceName, Limits>> | null;
      }
    >();
    for (const row of table) expectTypeOf(row).toEqualTypeOf<Row>();
    expectTypeOf(table.get(1)).toEqualTypeOf<Row | undefined>();
    expectTypeOf(table.error(1, 'name')).toEqualTypeOf<ProcessError | undefined>();
    expectTypeOf(table.pids).toEqualTypeOf<Int32Array>();
    expectTypeOf(table.source).toEqualTypeOf<string>();
    // @ts-expect-error not asked for
    table.column('sid');
    // @ts-expect-error not asked for
    table.error(1, 'sid');
  });

  test('takes the five fields where none are named', async () => {
    const table = await client.scan();
    expectTypeOf(table).toEqualTypeOf<ProcessTable<'umask' | 'groups' | 'sigmasks' | 'pgid' | 'sid'>>();
    expectTypeOf<Client['scan']>().toBeCallableWith({ pids: new Set<Proc>([1, process]) });
  });

  test('has columns of each field’s own type', async () => {
    const table = await client.scan({ fields: ['name', 'umask', 'groups', 'uids', 'startTime', 'sigmasks'] });
    expectTypeOf(table.column('umask')).toEqualTypeOf<Int32Array>();
    expectTypeOf(table.column('name')).toEqualTypeOf<(string | null)[]>();
    expectTypeOf(table.column('groups')).toEqualTypeOf<GroupsColumn>();
    expectTypeOf(table.column('uids')).toEqualTypeOf<IdsColumn>();
    expectTypeOf(table.column('startTime')).toEqualTypeOf<Float64Array>();
    expectTypeOf(table.column('sigmasks').blocked).toEqualTypeOf<BigUint64Array>();
    expectTypeOf<keyof Columns>().toEqualTypeOf<Field>();
  });

  test('of more fields is one of fewer', async () => {
    const table = await client.scan({ fields: ['name', 'umask'] });
    expectTypeOf(table).toExtend<ProcessTable<'name'>>();
    expectTypeOf<ProcessTable<'name'>>().not.toExtend<ProcessTable<'umask'>>();
  });

  test('has the methods of an array', async () => {
    const table = await client.scan({ fields: ['name'] });
    type Row = RowOf<typeof table>;
    expectTypeOf(table.toArray()).toEqualTypeOf<Row[]>();
    expectTypeOf(table.map(({ name }) => name)).toEqualTypeOf<(string | null)[]>();
    expectTypeOf(table.filter(({ pid }) => pid > 1)).toEqualTypeOf<Row[]>();
    expectTypeOf(table.find(({ pid }) => pid > 1)).toEqualTypeOf<Row | undefined>();
    expectTypeOf(table.slice(0, 2)).toEqualTypeOf<Row[]>();
    expectTypeOf(table.validity('name')).toEqualTypeOf<Uint8Array>();
  });

  test('in batches yields tables', () => {
    const batches = client.scanBatches({ fields: ['pgid'], batchSize: 5 });
    expectTypeOf(batches).toEqualTypeOf<AsyncGenerator<ProcessTable<'pgid'>, void, undefined>>();
  });
});

describe('events', () => {
  test('have the members of their kind', () => {
    expectTypeOf(client.events()).toExtend<AsyncIterable<ProcessEvent>>();
    expectTypeOf<ProcessEvent['kind']>().toEqualTypeOf<'fork' | 'exec' | 'exit' | 'lost'>();
    expectTypeOf<Extract<ProcessEvent, { kind: 'exit' }>>().toEqualTypeOf<ExitEvent>();
    expectTypeOf<ExitEvent['code']>().toEqualTypeOf<number | null>();
    expectTypeOf<Extract<ProcessEvent, { kind: 'exec' }>['exe']>().toEqualTypeOf<string | undefined>();
  });

  test('keep a live table of exactly the fields asked for', async () => {
    const live = await client.live({ fields: ['name', 'pid', 'ppid'] });
    expectTypeOf(live).toEqualTypeOf<LiveTable<'name' | 'ppid'>>();
    expectTypeOf(live.get(1)).toEqualTypeOf<LiveRow<'name' | 'ppid'> | undefined>();
    expectTypeOf(live.children(1)).toEqualTypeOf<LiveRow<'name' | 'ppid'>[]>();
    expectTypeOf<keyof LiveRow>().toEqualTypeOf<'pid' | 'name' | 'ppid' | 'startTime' | 'exe' | 'cmdline'>();
    // @ts-expect-error it is not a field that changes only with an event
    await client.live({ fields: ['umask'] });
  });
});

describe('a SignalSet', () => {
  test('is a read-only set of numbers, and knows names', () => {
    expectTypeOf<SignalSet>().toExtend<Iterable<number>>();
    expectTypeOf<SignalSet['has']>().toBeCallableWith(15);
    expectTypeOf<SignalSet['has']>().toBeCallableWith('SIGTERM');
    expectTypeOf<string>().toExtend<Parameters<SignalSet['has']>[0]>();
    expectTypeOf<SignalSet['names']>().returns.toEqualTypeOf<string[]>();
    expectTypeOf<SignalSet['toJSON']>().returns.toEqualTypeOf<string[]>();
    expectTypeOf<SignalSet['mask']>().toEqualTypeOf<bigint>();
    expectTypeOf<SignalSet>().not.toHaveProperty('add');
  });

  test('may be absent where a platform does not support it', () => {
    expectTypeOf<SignalMasks['caught']>().toEqualTypeOf<SignalSet | undefined>();
    expectTypeOf<keyof SignalMasks>().toEqualTypeOf<'pending' | 'blocked' | 'ignored' | 'caught' | 'processPending'>();
  });
});

describe('errors', () => {
  test('carry code, errno, syscall and pid', () => {
    expectTypeOf<ProcessError>().toExtend<Error & { code: string; errno: number; syscall: string; pid: number }>();
    expectTypeOf<NoSuchProcessError>().toExtend<ProcessError>();
    expectTypeOf<ZombieProcessError>().toExtend<NoSuchProcessError>();
    expectTypeOf<AccessDeniedError>().toExtend<ProcessError>();
    expectTypeOf<NotSupportedError>().toExtend<ProcessError>();
  });

  test('a state is one of nine words', () => {
    expectTypeOf<State>().toEqualTypeOf<
      'running' | 'sleeping' | 'disk-sleep' | 'stopped' | 'tracing-stop' | 'zombie' | 'dead' | 'idle' | 'parked'
    >();
  });
});
