import { readdirSync, readlinkSync } from 'node:fs';
import { createClient } from 'psutil-extra';
import { describe, expect, test } from 'vitest';
import { lacking } from '../../processes/abilities.js';
import { Compiled } from '../../processes/compiled.js';
import { answerOf } from '../../processes/node.js';
import { prlimit } from '../../processes/proc.js';
import { sleeper } from '../../processes/sleeper.js';
import { until } from '../../processes/until.js';
import { held } from '../memory.js';
import { report, scaled } from '../scale.js';

const COUNT = scaled(1000, 10_000);
const SOURCE = new URL('mortals.c', import.meta.url).href;

/** Processes that end with 0, 1, … 199, 0, … when they get the word. */
function mortals(): Compiled {
  return new Compiled(SOURCE, [String(COUNT)]);
}

/** Their PIDs, once all of them are there. */
async function pidsOf(program: Compiled): Promise<number[]> {
  return (await program.line()).trim().split(' ').map(Number);
}

const codeOf = (index: number) => ({ code: index % 200, signal: null });

function threads(): number {
  return readdirSync('/proc/self/task').length;
}

/** What the descriptors of this program are, without the one that lists them. */
function descriptors(): string[] {
  const open = readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return [];
    }
  });
  return open.sort();
}

const pidfds = () => descriptors().filter((name) => name.includes('pidfd')).length;

const roomless: [boolean, string] = [
  prlimit(process.pid, 'nofile').soft < COUNT + 200,
  `${COUNT} waits take as many descriptors`,
];

describe(`${COUNT} waits at once`, () => {
  test.for([
    ['only afterwards', 'end'],
    ['at once', 'both'],
  ] as const)('resolve each with the code of its process, which is waited for %s', async ([, word], { skip }) => {
    skip(...roomless);
    if (word === 'both') skip(...lacking.exitInfo);
    await using client = createClient({ threads: 1 });
    using program = mortals();
    const pids = await pidsOf(program);
    // The thread is there, and its watcher, and what a scan keeps open.
    await client.scan({ fields: ['name', 'ppid', 'umask'], pids });
    using mortal = await sleeper();
    await Promise.all([client.waitForExit(mortal.pid), mortal.end()]);
    await until('nothing is held', () => pidfds() === 0);
    const before = { threads: threads(), descriptors: descriptors(), ...(await held()) };

    const began = performance.now();
    let resolved = 0;
    const waiting = pids.map((pid) => client.waitForExit(pid).finally(() => resolved++));
    await until('all are held', () => pidfds() === COUNT);
    const begun = performance.now() - began;
    expect(threads()).toBe(before.threads);
    const waits = await held();

    // Other calls of the same thread go on, also beside a scan of all these processes.
    const scanning = client.scan({ fields: ['name', 'ppid', 'umask'], pids });
    const first = pids[0] as number;
    expect(await Promise.all([client.name(first), client.oneshot(first, (scope) => scope.ppid())])).toEqual([
      'mortals',
      program.pid,
    ]);
    const table = await scanning;
    expect(table.length).toBe(COUNT);
    expect(resolved).toBe(0);

    const ended = performance.now();
    const ending = program.line(word);
    const beside = client.name(process.pid);
    expect(await Promise.all(waiting)).toEqual(pids.map((_, index) => codeOf(index)));
    const took = performance.now() - ended;
    expect(await beside).toBeTypeOf('string');
    await ending;
    if (word === 'end') expect(Number(await program.line('reap'))).toBe(COUNT);
    expect(threads()).toBe(before.threads);
    await until('nothing is held', () => pidfds() === 0);
    expect(descriptors()).toEqual(before.descriptors);
    waiting.length = 0;
    const after = await held();
    const each = (bytes: number) => `${Math.round(bytes / COUNT)} bytes each`;
    report(
      `waits, reaped ${word === 'end' ? 'afterwards' : 'at once'}: ${COUNT} began in ${begun.toFixed(0)} ms and resolved within ${took.toFixed(0)} ms of the word; ` +
        `values ${each(waits.values - before.values)}, RSS ${((waits.resident - before.resident) / 1e6).toFixed(1)} MB more while they waited, ` +
        `${((after.resident - before.resident) / 1e6).toFixed(1)} MB more afterwards`,
    );
    expect((waits.values - before.values) / COUNT).toBeLessThan(4096);
    expect(waits.resident - before.resident).toBeLessThan(128 * 1024 * 1024);
  });
});

describe('more waits than there are descriptors', () => {
  test('wait for as many processes as there are descriptors, and the rest reject with EMFILE and say what to do', async () => {
    using program = mortals();
    const pids = await pidsOf(program);
    const limit = COUNT / 2;
    const answer = answerOf<Scarce>(
      `import { readdirSync } from 'node:fs';
       import { createClient } from 'psutil-extra';
       const client = createClient({ threads: 1 });
       await client.name(process.pid);
       const before = readdirSync('/proc/self/fd').length;
       const refused = [];
       const codes = [];
       const waits = ${JSON.stringify(pids)}.map((pid, index) => client.waitForExit(pid).then(
         ({ code }) => codes.push([index, code]),
         ({ code, syscall, pid, message }) => refused.push({ code, syscall, pid, message }),
       ));
       while (refused.length === 0) await new Promise(setImmediate);
       // Those that were refused have left nothing behind, and those that wait all wait.
       let last = -1;
       for (; last !== refused.length; ) { last = refused.length; await new Promise((resolve) => setTimeout(resolve, 200)); }
       process.kill(${program.pid}, 'SIGUSR1');
       await Promise.all(waits);
       const name = await client.name(process.pid);
       console.log(JSON.stringify({ codes, refused: refused.slice(0, 1).concat(refused.slice(-1)), count: refused.length, name }));
       while (readdirSync('/proc/self/fd').length > before + 2) await new Promise(setImmediate);
       await client.close();`,
      { wrapper: ['prlimit', `--nofile=${limit}:${limit}`] },
    );
    const { codes, refused, count, name } = await answer;
    expect(codes.length + count).toBe(COUNT);
    // Node itself has some thirty, and the last are left to it.
    expect(codes.length).toBeGreaterThan(limit - 100);
    for (const [index, code] of codes) expect(code).toBe(codeOf(index).code);
    for (const error of refused) {
      expect(error).toMatchObject({ code: 'EMFILE', syscall: expect.stringMatching(/^(pidfd_open|fcntl)$/) });
      expect(error.message).toContain('ulimit -n');
      expect(pids).toContain(error.pid);
    }
    expect(name).toBeTypeOf('string');
    report(
      `waits with ${limit} descriptors: ${codes.length} of ${COUNT} resolved with their codes, ${count} were EMFILE`,
    );
  });
});

interface Scarce {
  readonly codes: [number, number | null][];
  readonly refused: { code: string; syscall: string; pid: number; message: string }[];
  readonly count: number;
  readonly name: string;
}
