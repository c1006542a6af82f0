import { type Client, createClient } from 'psutil-extra';
import { describe, expect, it } from 'vitest';
import { selectionBy } from '../../../packages/client/dist/cli/selection.mjs';
import type { Row } from '../../../packages/client/dist/cli/top/columns.mjs';
import { CommandLines } from '../../../packages/client/dist/cli/top/command-lines.mjs';
import { Samples } from '../../../packages/client/dist/cli/top/samples.mjs';
import { signalRows } from '../../../packages/client/dist/cli/top/signalling.mjs';
import { Mortal, sleeper } from '../../processes/sleeper.js';
import { row } from './rows.js';

describe('a signal to a row', () => {
  it('is sent to its process', async () => {
    await using client = createClient({ threads: 1 });
    using asleep = await sleeper();
    const ended = new Promise((resolve) => asleep.child.on('exit', (_, signal) => resolve(signal)));
    const { startTime } = await client.process(asleep.pid);
    const said = await signalRows(client, [row(asleep.pid, 'sleep', { startTime })], 'SIGUSR1');
    expect(said).toBe(`sent SIGUSR1 to ${asleep.pid} sleep`);
    expect(await ended).toBe('SIGUSR1');
  });

  it('is not sent to another process that has its PID', async () => {
    await using client = createClient({ threads: 1 });
    using asleep = await sleeper();
    const { startTime } = await client.process(asleep.pid);
    for (const other of [startTime - 10, startTime + 10, null]) {
      const said = await signalRows(client, [row(asleep.pid, 'sleep', { startTime: other })], 'SIGKILL');
      expect(said).toBe(`PID ${asleep.pid} is another process now`);
    }
    expect(await client.state(asleep.pid)).toBe('sleeping');
  });

  it('is sent to the others where one has ended, and the first error is said', async () => {
    await using client = createClient({ threads: 1 });
    using asleep = await sleeper();
    const ended = new Promise((resolve) => asleep.child.on('exit', (_, signal) => resolve(signal)));
    using mortal = await Mortal.start();
    const rows = await Promise.all(
      [mortal.pid, asleep.pid].map(async (pid) => row(pid, 'sleep', await startOf(client, pid))),
    );
    await mortal.end();
    const said = await signalRows(client, rows, 'SIGTERM');
    expect(said).toMatch(new RegExp(`^ESRCH: no such process, .*${mortal.pid}`));
    expect(await ended).toBe('SIGTERM');
  });
});

describe('command lines of top', () => {
  it('are read once of each process, and again when its name or the process has changed', async () => {
    const client = counting((pid) => 1000 * pid);
    const read = commandLines(client);
    const later = row(1, 'a');
    for (const rows of [
      [row(1, 'a'), row(2, 'b')],
      [later, row(2, 'b')],
    ])
      await read.addTo(rows, true);
    expect(client.reads).toEqual([1, 2]);
    expect(later.cmdline).toEqual(['read 2']);
    await read.addTo([row(1, 'executed'), row(2, 'b', { startTime: 5 })], true);
    expect(client.reads).toEqual([1, 2, 1, 2]);
    read.forget([1]);
    await read.addTo([row(1, 'executed')], true);
    expect(client.reads).toEqual([1, 2, 1, 2, 1]);
  });

  it('are read again of a process that has just begun, and may execute a program of the same name', async () => {
    const startTime = Date.now();
    const client = counting(() => startTime);
    const read = commandLines(client);
    for (let sample = 0; sample < 2; sample++) await read.addTo([row(1, 'sh', { startTime })], true);
    expect(client.reads).toEqual([1, 1]);
  });

  it('are not those of another process that has the PID by now', async () => {
    const rows = [row(1, 'a', { startTime: 5 })];
    await commandLines(counting(() => 6)).addTo(rows, true);
    expect(rows[0]?.cmdline).toBeNull();
  });

  it('are read while they are shown, and on if they are needed for something else', async () => {
    await using client = createClient({ threads: 1 });
    const selection = await selectionBy({ procRoot: '/proc' });
    for (const needsCommandLines of [false, true]) {
      const fields = ['name', 'startTime'] as const;
      const samples = new Samples({ client, fields, selection, interval: 50, count: 1, needsCommandLines });
      const { startTime } = await client.process(process.pid);
      const [shown, hidden] = [row(process.pid, 'a', { startTime }), row(process.pid, 'a', { startTime })];
      await samples.setFull(true, [shown]);
      await samples.setFull(false, [hidden]);
      expect(shown.cmdline?.[0]).toBe(process.execPath);
      expect(hidden.cmdline).toEqual(needsCommandLines ? shown.cmdline : undefined);
    }
  });

  it('are read only of Node.js programs where they are not shown', async () => {
    const client = counting((pid) => 1000 * pid);
    await commandLines(client).addTo([row(1, 'a'), row(2, 'MainThread')], false);
    expect(client.reads).toEqual([2]);
  });
});

async function startOf(client: Client, pid: number): Promise<Partial<Row>> {
  const { startTime } = await client.process(pid);
  return { startTime };
}

function commandLines(client: object): CommandLines {
  return new CommandLines(client as ConstructorParameters<typeof CommandLines>[0]);
}

/** A client whose processes began then, and whose command lines count the reads. */
function counting(began: (pid: number) => number) {
  const reads: number[] = [];
  return {
    reads,
    supports: () => true,
    scan: async ({ pids }: { readonly pids: readonly number[] }) => {
      reads.push(...pids);
      return { get: (pid: number) => ({ startTime: began(pid), cmdline: [`read ${reads.length}`] }) };
    },
  };
}
