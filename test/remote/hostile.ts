import * as fc from 'fast-check';
import { type Client, ClientClosedError, type Field, ProcessError, type ProcessTable, WorkerError } from 'psutil-extra';
import { encodeScan } from 'psutil-extra/remote';
import { expect } from 'vitest';
import { bytesOf } from '../property/runs.js';

/** A call of each kind, which reads all of what it resolves with. */
export const CALLS: readonly (readonly [string, (client: Client, pid: number) => Promise<unknown>])[] = [
  ['a number', (client, pid) => client.umask(pid)],
  ['an enum', (client, pid) => client.state(pid)],
  ['a text', (client, pid) => client.cmdline(pid)],
  ['structs', (client, pid) => client.fds(pid)],
  ['signals', (client, pid) => client.sigmasks(pid)],
  ['limits', (client, pid) => client.rlimits(pid)],
  [
    'several of several',
    (client, pid) => Promise.allSettled([client.name(pid), client.groups(process.pid), client.exe(1)]),
  ],
  ['a process', async (client, pid) => JSON.stringify(await client.process(pid))],
  ['a listing', (client) => client.pids()],
  [
    'a scan',
    async (client) =>
      everythingOf(
        await client.scan({ fields: ['name', 'startTime', 'sigmasks', 'rlimits', 'memory', 'state', 'fds', 'exe'] }),
      ),
  ],
  [
    'a scan of some',
    async (client, pid) => everythingOf(await client.scan({ pids: [1, pid], fields: ['cmdline', 'connections'] })),
  ],
  [
    'batches',
    async (client) => {
      for await (const table of client.scanBatches({ fields: ['ppid'] })) everythingOf(table);
    },
  ],
  ['a tree', (client) => client.tree()],
  ['a change', (client, pid) => client.setScheduler(pid, { policy: 'batch' })],
  ['a limit', (client, pid) => client.rlimit(pid, 'RLIMIT_CORE', { soft: 0, hard: 0 })],
  ['a oneshot', (client, pid) => client.oneshot(pid, async (scope) => [await scope.name(), await scope.exe()])],
];

export function everythingOf<F extends Field>(table: ProcessTable<F>): unknown {
  for (const field of table.fields as F[]) {
    table.column(field);
    for (const pid of table.pids) void table.error(pid, field)?.message;
  }
  return JSON.stringify(table, (_, value) => (typeof value === 'bigint' ? String(value) : value));
}

/** It resolves, or rejects with an error of this library that names the host. */
export async function settles(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ClientClosedError) throw error;
    if (!(error instanceof WorkerError || error instanceof ProcessError)) throw error;
    expect(error.message).toContain('web-1');
  }
}

/** Small numbers are no likelier than others: they are places. */
export const anywhere = fc.noBias(fc.nat());

export const changes = fc.array(fc.record({ at: anywhere, value: bytesOf(4) }), {
  minLength: 1,
  maxLength: 4,
});

export function changed(bytes: Uint8Array, at: number, value: number): void {
  const place = (at * 4) % bytes.length;
  if (place + 4 <= bytes.length) new DataView(bytes.buffer, bytes.byteOffset).setInt32(place, value, true);
  else bytes[place] = value;
}

/** What a request of a kind begins with. */
export function header(op: number): Buffer {
  const bytes = Buffer.from(encodeScan({ fields: [] }).subarray(0, 12));
  bytes[3] = op;
  return bytes;
}

export function textOf(parts: readonly Uint8Array[]): string {
  return Buffer.concat(parts).toString('latin1');
}

/** What a read of a name by PID has behind its header. */
export function nameOf(pid: number): Buffer {
  const body = Buffer.alloc(16);
  body.writeDoubleLE(1);
  body.writeUInt16LE(1, 10);
  body.writeInt32LE(pid, 12);
  return body;
}

export function part(flags: number, sequence: number, payload: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(16 + payload.length);
  Buffer.from(encodeScan().subarray(0, 12)).copy(bytes);
  Buffer.from(encodeScan().subarray(4, 12)).copy(bytes, 8);
  bytes.writeUInt8(flags, 3);
  bytes.writeUInt32LE(sequence, 4);
  bytes.set(payload, 16);
  return bytes;
}

export function record(kind: number, payload: Uint8Array, length = payload.length): Uint8Array {
  const bytes = Buffer.alloc(8 + Math.ceil(payload.length / 8) * 8);
  bytes.writeUInt32LE(length);
  bytes.writeUInt32LE(kind, 4);
  bytes.set(payload, 8);
  return bytes;
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
