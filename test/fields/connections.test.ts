import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection, createClient } from 'psutil-extra';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { ss } from '../processes/descriptors.js';
import { psutil } from '../processes/psutil.js';
import { Python } from '../processes/python.js';
import { until } from '../processes/until.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

let python: Python;
beforeEach(async () => {
  python = await started();
});
afterEach(() => python[Symbol.dispose]());

/** With the names that the tests use. */
async function started(wrapper: readonly string[] = []): Promise<Python> {
  const made = await Python.start(wrapper);
  await made.run('from socket import *');
  await made.run('bound = lambda f, t, a: (lambda s: (s.bind(a), s)[1])(socket(f, t))');
  await made.run('listening = lambda f, a: (lambda s: (s.listen(), s)[1])(bound(f, SOCK_STREAM, a))');
  return made;
}

/** The connection of a socket that this Python name holds. */
async function of(name: string): Promise<Connection | undefined> {
  const number = await python.run<number>(`${name}.fileno()`);
  return (await client.connections(python.pid)).find(({ fd }) => fd === number);
}

describe.each([
  ['inet', 'AF_INET', '127.0.0.1'],
  ['inet6', 'AF_INET6', '::1'],
])('of %s', (family, constant, address) => {
  test('TCP listens, and is established at both ends', async () => {
    await python.run(`listener = listening(${constant}, ("${address}", 0))`);
    const port = await python.run<number>('listener.getsockname()[1]');
    await python.run(`near = create_connection(("${address}", ${port})); far = listener.accept()[0]`);
    const near = { address, port: await python.run<number>('near.getsockname()[1]') };
    const far = { address, port };
    const stream = { family, type: 'stream' };
    expect(await of('listener')).toMatchObject({ ...stream, local: far, remote: null, state: 'listen' });
    expect(await of('near')).toMatchObject({ ...stream, local: near, remote: far, state: 'established' });
    expect(await of('far')).toMatchObject({ ...stream, local: far, remote: near, state: 'established' });
  });

  test('the end that has closed waits in fin-wait2, and the other in close-wait', async () => {
    await python.run(`listener = listening(${constant}, ("${address}", 0))`);
    await python.run('near = create_connection(listener.getsockname()[:2]); far = listener.accept()[0]');
    await python.run('near.shutdown(SHUT_WR)');
    await until('the other end knows', async () => (await of('far'))?.state === 'close-wait');
    expect((await of('near'))?.state).toBe('fin-wait2');
  });

  test('UDP has no state, and a remote only where it is connected', async () => {
    await python.run(`receiver = bound(${constant}, SOCK_DGRAM, ("${address}", 0))`);
    await python.run(`sender = socket(${constant}, SOCK_DGRAM); sender.connect(receiver.getsockname())`);
    const port = await python.run<number>('receiver.getsockname()[1]');
    const local = { address, port };
    expect(await of('receiver')).toMatchObject({ family, type: 'dgram', local, remote: null, state: null });
    expect(await of('sender')).toMatchObject({ family, type: 'dgram', remote: local, state: null });
  });
});

test('a socket that listens at every address has the address of none', async () => {
  await python.run('four = listening(AF_INET, ("", 0)); six = listening(AF_INET6, ("", 0))');
  expect((await of('four'))?.local).toMatchObject({ address: '0.0.0.0' });
  expect((await of('six'))?.local).toMatchObject({ address: '::' });
});

test('an IPv4 peer of an IPv6 socket has its mapped address, as ss prints it', async ({ skip }) => {
  skip(...lacking.ss);
  await python.run('six = socket(AF_INET6, SOCK_STREAM); six.setsockopt(IPPROTO_IPV6, IPV6_V6ONLY, 0)');
  await python.run('six.bind(("::", 0)); six.listen()');
  await python.run('near = create_connection(("127.0.0.1", six.getsockname()[1])); far = six.accept()[0]');
  const far = await of('far');
  expect(far).toMatchObject({ family: 'inet6', local: { address: '::ffff:127.0.0.1' } });
  if (typeof far?.local !== 'object' || far.local === null) throw new Error('it has no address');
  const local = `[::ffff:127.0.0.1]:${far.local.port}`;
  expect(ss(python.pid)).toContainEqual(expect.stringContaining(`ESTAB ${local} `));
});

test('inet sockets are those that ss prints', async ({ skip }) => {
  skip(...lacking.ss);
  await python.run('a = listening(AF_INET, ("127.0.0.1", 0)); b = listening(AF_INET6, ("::1", 0))');
  await python.run('c = create_connection(a.getsockname()); d = bound(AF_INET, SOCK_DGRAM, ("127.0.0.1", 0))');
  const states: Record<string, string> = { listen: 'LISTEN', established: 'ESTAB' };
  const ours = (await client.connections(python.pid))
    .filter(({ family }) => family !== 'unix')
    .map(({ type, state, local, remote, family }) =>
      [
        type === 'stream' ? 'tcp' : 'udp',
        state === null ? 'UNCONN' : states[state],
        side(local, family),
        side(remote, family),
      ].join(' '),
    );
  expect(ours).toHaveLength(4);
  expect(ours.sort()).toEqual(ss(python.pid).sort());
});

/** `'[::1]:80'` */
function side(end: Connection['local'], family: string): string {
  if (end === null) return family === 'inet' ? '0.0.0.0:*' : '[::]:*';
  if (typeof end === 'string') return end;
  return family === 'inet' ? `${end.address}:${end.port}` : `[${end.address}]:${end.port}`;
}

describe('of unix', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'psutil-extra-unix-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test.each([
    ['SOCK_STREAM', 'stream'],
    ['SOCK_DGRAM', 'dgram'],
    ['SOCK_SEQPACKET', 'seqpacket'],
  ])('%s has the path that it is bound to', async (constant, type) => {
    await python.run(`s = bound(AF_UNIX, ${constant}, "${folder}/a b")`);
    expect(await of('s')).toMatchObject({ family: 'unix', type, local: `${folder}/a b`, remote: null, state: null });
  });

  test('an abstract name begins with @', async () => {
    const name = `psutil-extra ${python.pid}`;
    await python.run(`s = listening(AF_UNIX, "\\0${name}")`);
    expect((await of('s'))?.local).toBe(`@${name}`);
  });

  test('a name with a newline disturbs neither it nor others', async () => {
    await python.run(`s = listening(AF_UNIX, "${folder}/new\\nline"); t = listening(AF_UNIX, "${folder}/t")`);
    expect((await of('s'))?.local).toBe(`${folder}/new\nline`);
    expect((await of('t'))?.local).toBe(`${folder}/t`);
  });

  test('a pair has no names', async () => {
    await python.run('a, b = socketpair()');
    expect(await of('a')).toMatchObject({ family: 'unix', type: 'stream', local: null, state: null });
  });
});

test('a process in another network namespace has its own, on the same port too', async ({ skip }) => {
  skip(...lacking.namespaces);
  await python.run('a = listening(AF_INET, ("0.0.0.0", 0))');
  const port = await python.run<number>('a.getsockname()[1]');
  using other = await started(['unshare', '--net']);
  await other.run(`a = listening(AF_INET, ("0.0.0.0", ${port})); b = bound(AF_INET, SOCK_DGRAM, ("0.0.0.0", 53))`);
  const theirs = (await client.connections(other.pid)).filter(({ family }) => family === 'inet');
  expect(theirs).toMatchObject([
    { type: 'stream', local: { address: '0.0.0.0', port }, state: 'listen' },
    { type: 'dgram', local: { address: '0.0.0.0', port: 53 }, state: null },
  ]);
  // In one scan as well, which reads the tables of each namespace once.
  const table = await client.scan({ pids: [python.pid, other.pid], fields: ['connections'] });
  const inets = [python, other].map(
    ({ pid }) => table.get(pid)?.connections?.filter(({ family }) => family === 'inet').length,
  );
  expect(inets).toEqual([1, 2]);
});

test('a raw socket has its type', async ({ skip }) => {
  skip(...lacking.root);
  await python.run('r = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP)');
  expect(await of('r')).toMatchObject({ family: 'inet', type: 'raw', remote: null });
});

test('they are the net_connections of psutil', async ({ skip }) => {
  skip(...lacking.psutil);
  await python.run('a = listening(AF_INET, ("127.0.0.1", 0)); b = create_connection(a.getsockname())');
  const theirs = psutil(python.pid, 'p.net_connections("inet")') as PsutilConnection[];
  const ours = (await client.connections(python.pid)).filter(({ family }) => family === 'inet');
  expect(ours.map(({ fd, local, remote }) => [fd, pair(local), pair(remote)])).toEqual(
    theirs.map(([fd, , , local, remote]) => [fd, local, remote]).sort(([a], [b]) => Number(a) - Number(b)),
  );
});

/** Descriptor, family, type, both addresses, state. */
type PsutilConnection = [number, number, number, [string, number], [] | [string, number], string];

const pair = (end: Connection['local']) => (end === null ? [] : Object.values(end));
