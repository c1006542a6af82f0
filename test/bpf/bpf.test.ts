import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadAddon } from '@psutil-extra/native';
import { FIELDS } from '@psutil-extra/native/protocol';
import { createClient } from 'psutil-extra';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { CompiledProgram } from '../processes/compiled-program.js';
import { answerOf } from '../processes/node.js';
import { Herd, sleeper } from '../processes/sleeper.js';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const refusal = loadAddon().refusalOfWalk();
const noBpf: [boolean, string] = [refusal !== null, `BPF is not available here: ${refusal?.about}`];
if (refusal !== null) console.warn(`What BPF returns is not tested, for it is not available here: ${refusal.about}.`);

let oddHerd: CompiledProgram;
beforeAll(() => {
  oddHerd = new CompiledProgram(new URL('odd-herd.c', import.meta.url));
});
afterAll(() => oddHerd[Symbol.dispose]());

/** By PID, the codes with which what takes a look into it was denied; empty where it was not. */
type Inside = Record<string, string>;

interface Compared {
  rows: number;
  herd: number;
  kernelThreads: number;
  fields: string[];
  differing: object[];
}

/** The result of sources.mjs, run by `wrapper` if one is given. */
function compare(...wrapper: string[]): Compared {
  const [program, ...args] = [...wrapper, process.execPath, join(FOLDER, 'sources.mjs'), oddHerd.path];
  return JSON.parse(execFileSync(program, args, { encoding: 'utf8', maxBuffer: 2 ** 26 })) as Compared;
}

/** The fields of which the schema says that BPF has them. */
async function brought(): Promise<string[]> {
  const schema = new URL('../../packages/native/schema/fields.mjs', import.meta.url).href;
  const { fields } = (await import(schema)) as { fields: { name: string; linux: { sources: string[] } }[] };
  return fields.filter(({ linux }) => linux.sources.includes('bpf')).map(({ name }) => name);
}

describe('where BPF is available', () => {
  test('the program is loaded though a profiler interrupts the thread every tenth of a millisecond', async ({
    skip,
  }) => {
    skip(...noBpf);
    const profiles = mkdtempSync(join(tmpdir(), 'psutil-extra-profiles-'));
    try {
      const length = await answerOf<number>(
        `import { createClient } from 'psutil-extra';
       const client = createClient({ threads: 1, source: 'bpf' });
       console.log((await client.scan({ fields: ['umask'] })).length);
       await client.close();`,
        { flags: ['--cpu-prof', '--cpu-prof-interval=100', `--cpu-prof-dir=${profiles}`] },
      );
      expect(length).toBeGreaterThan(1);
    } finally {
      rmSync(profiles, { recursive: true });
    }
  });

  test('it returns what procfs returns, field by field, for every odd kind of process', async ({ skip }) => {
    skip(...noBpf);
    const compared = compare();
    expect(compared.differing).toEqual([]);
    expect(new Set(compared.fields)).toEqual(new Set(await brought()));
    expect(compared.herd).toBeGreaterThan(60);
    expect(compared.rows).toBeGreaterThan(compared.herd);
  });

  test('in a PID namespace it returns the numbers of that namespace, and no process outside', ({ skip }) => {
    skip(...noBpf);
    skip(...lacking.namespaces);
    const compared = compare('unshare', '--pid', '--fork', '--kill-child', '--mount-proc');
    expect(compared.differing).toEqual([]);
    // Beside the herd there are the program itself and the child that a thread of the herd made.
    expect(compared.rows - compared.herd).toBeLessThan(5);
    expect(compared.kernelThreads).toBe(0);
  });

  test('in a PID namespace of a PID namespace too', ({ skip }) => {
    skip(...noBpf);
    skip(...lacking.namespaces);
    const within = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];
    expect(compare(...within, ...within).differing).toEqual([]);
  });

  test('a scan of every process takes it, and says so; one of some PIDs does not', async ({ skip }) => {
    skip(...noBpf);
    for (const source of ['auto', 'bpf'] as const) {
      await using client = createClient({ threads: 1, source });
      expect(client.supports('bpf')).toBe(true);
      expect((await client.scan()).source).toBe('bpf');
      expect((await client.scan({ pids: [process.pid] })).source).toBe('procfs');
      expect(client.stats().reads['bpf']).toBeGreaterThan(0);
    }
    await using client = createClient({ threads: 1, source: 'procfs' });
    expect((await client.scan()).source).toBe('procfs');
  });

  test('batches are of the size asked for, and hold every process once', async ({ skip }) => {
    skip(...noBpf);
    using herd = await Herd.of(100);
    await using client = createClient({ threads: 2, source: 'bpf' });
    const sizes: number[] = [];
    const pids: number[] = [];
    for await (const batch of client.scanBatches({ fields: ['umask'], batchSize: 16 })) {
      expect(batch.source).toBe('bpf');
      sizes.push(batch.length);
      pids.push(...batch.pids);
    }
    expect(new Set(sizes.slice(0, -1))).toEqual(new Set([16]));
    expect(new Set(pids).size).toBe(pids.length);
    expect(pids).toEqual(expect.arrayContaining(herd.pids));
  });

  test('scans of different fields at once, making way for calls, each bring their own', async ({ skip }) => {
    skip(...noBpf);
    using herd = await Herd.of(100);
    await using client = createClient({ threads: 2, source: 'bpf' });
    const stop = new AbortController();
    const asking = (async () => {
      while (!stop.signal.aborted) await client.pgid(process.pid);
    })();
    const tables = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        client.scan({ fields: [FIELDS[i % FIELDS.length]?.name ?? 'umask', 'umask'] }),
      ),
    );
    stop.abort();
    await asking;
    for (const table of tables) {
      expect(new Set(table.pids).size).toBe(table.length);
      for (const pid of herd.pids) expect(table.get(pid)?.umask).toBe(process.umask());
    }
  });

  test('up to 1,024 groups are returned without a file; of a process in more, one is read', async ({ skip }) => {
    skip(...noBpf);
    skip(...lacking.namespaces);
    // In a PID namespace, where no other process is in so many.
    const answer = await answerOf<[number, number[], number][]>(
      `import { spawn } from 'node:child_process';
       import { once } from 'node:events';
       import { createClient } from 'psutil-extra';
       const client = createClient({ threads: 1, source: 'bpf' });
       const answer = [];
       for (const count of [33, 1024, 1025]) {
         const groups = Array.from({ length: count }, (_, i) => 70_000 + i);
         const child = spawn('setpriv', ['--groups=' + groups.join(), 'sh', '-c', 'echo; read _'], { stdio: ['pipe', 'pipe', 'inherit'] });
         await once(child.stdout, 'data');
         const table = await client.scan({ fields: ['groups', 'rlimits'] });
         const found = table.get(child.pid)?.groups ?? [];
         answer.push([found.length, [found.at(0), found.at(-1)], client.stats().reads.status]);
         child.stdin.end();
         await once(child, 'exit');
       }
       await client.close();
       console.log(JSON.stringify(answer));`,
      { wrapper: ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'] },
    );
    expect(answer).toEqual([
      [33, [70_000, 70_032], 0],
      [1024, [70_000, 71_023], 0],
      [1025, [70_000, 71_024], 1],
    ]);
  });

  test('of a process in more than 1,024 groups, only the groups are read from a file where the start is known', async ({
    skip,
  }) => {
    skip(...noBpf);
    skip(...lacking.namespaces);
    const [merged, files, reads] = await answerOf<[string, string, Record<string, number>]>(
      `import { spawn } from 'node:child_process';
       import { once } from 'node:events';
       import { inspect } from 'node:util';
       import { createClient } from 'psutil-extra';
       const groups = Array.from({ length: 1025 }, (_, i) => 70_000 + i);
       const child = spawn('setpriv', ['--groups=' + groups.join(), 'sh', '-c', 'echo; read _'], { stdio: ['pipe', 'pipe', 'inherit'] });
       await once(child.stdout, 'data');
       const rows = [];
       let reads;
       for (const source of ['bpf', 'procfs']) {
         const client = createClient({ threads: 1, source });
         const row = (await client.scan({ fields: ['groups', 'rlimits', 'startTime', 'umask'] })).get(child.pid);
         rows.push(inspect([row.groups, row.rlimits, row.startTime, row.umask], { depth: 9, maxArrayLength: null }));
         reads ??= client.stats().reads;
         await client.close();
       }
       child.stdin.end();
       console.log(JSON.stringify([...rows, reads]));`,
      { wrapper: ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'] },
    );
    expect(merged).toEqual(files);
    expect(reads).toMatchObject({ status: 1, stat: 1, limits: 0, prlimit64: 0 });
  });

  test.for<[string, string[], string]>([
    ['without CAP_SYS_PTRACE', [], 'EACCES,EACCES'],
    ['with CAP_SYS_PTRACE', ['sys_ptrace'], 'EACCES,'],
    ['with CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH', ['sys_ptrace', 'dac_read_search'], ','],
  ])('a user %s is shown the insides of no process that files do not show', async ([, more, codes], { skip }) => {
    skip(...noBpf);
    skip(...lacking.root);
    const granted = ['bpf', 'perfmon', ...more].map((name) => `,+${name}`).join('');
    using ofRoot = await sleeper();
    const [files, bpf, later, own] = await answerOf<[Inside, Inside, Inside, number]>(
      `import { createClient } from 'psutil-extra';
       const fields = ['io', 'namespaces', 'cpuTimes'];
       const answers = [];
       for (const source of ['procfs', 'bpf', 'procfs']) {
         const client = createClient({ threads: 1, source });
         const table = await client.scan({ fields });
         const inside = (pid) => ['io', 'namespaces'].map((field) => table.error(pid, field)?.code ?? '').join();
         answers.push(Object.fromEntries([...table.pids].map((pid) => [pid, inside(pid)])));
         await client.close();
       }
       console.log(JSON.stringify([...answers, process.pid]));`,
      {
        wrapper: [
          'setpriv',
          '--reuid=65534',
          '--regid=65534',
          '--clear-groups',
          `--inh-caps=-all${granted}`,
          `--ambient-caps=-all${granted}`,
        ],
      },
    );
    // What has changed meanwhile, such as a process that has ended, is not compared.
    const steady = Object.keys(bpf).filter((pid) => pid in files && files[pid] === later[pid]);
    expect(steady.map((pid) => [pid, bpf[pid]])).toEqual(steady.map((pid) => [pid, files[pid]]));
    expect(bpf[ofRoot.pid]).toBe(codes);
    expect(bpf[own]).toBe(',');
  });

  test('the larger program is loaded by the first scan of what it alone has, and then both are there', async ({
    skip,
  }) => {
    skip(...noBpf);
    const programs = await answerOf<number[]>(
      `import { readdirSync, readlinkSync } from 'node:fs';
       import { createClient } from 'psutil-extra';
       const programs = () => readdirSync('/proc/self/fd').filter((fd) => {
         try { return readlinkSync('/proc/self/fd/' + fd) === 'anon_inode:bpf-prog'; } catch { return false; }
       }).length;
       const client = createClient({ threads: 1, source: 'bpf' });
       const counts = [];
       for (const fields of [['umask', 'rlimits'], ['memory'], ['umask']]) {
         await client.scan({ fields });
         counts.push(programs());
       }
       await client.close();
       console.log(JSON.stringify(counts));`,
    );
    expect(programs).toEqual([1, 2, 2]);
  });

  test('nothing stays open that a thread opened for it', async ({ skip }) => {
    skip(...noBpf);
    const open = await answerOf<number[]>(
      `import { readdirSync, readlinkSync } from 'node:fs';
       import { createClient } from 'psutil-extra';
       const bpf = () => readdirSync('/proc/self/fd').filter((fd) => {
         try { return readlinkSync('/proc/self/fd/' + fd).includes('bpf'); } catch { return false; }
       }).length;
       const client = createClient({ threads: 1, source: 'bpf' });
       const counts = [bpf()];
       await client.scan();
       counts.push(bpf());
       for (let i = 0; i < 5; i++) await client.scan();
       counts.push(bpf());
       for await (const batch of client.scanBatches({ batchSize: 1 })) break;
       await client.close();
       // close() waits a second for a thread, and what it held goes when it has ended.
       for (let i = 0; i < 100 && bpf() > 0; i++) await new Promise((resolve) => setTimeout(resolve, 100));
       counts.push(bpf());
       console.log(JSON.stringify(counts));`,
    );
    const [before, once, often, closed] = open as [number, number, number, number];
    expect(before).toBe(0);
    expect(once).toBe(3); // its memory, the program and the link; no iterator
    expect(often).toBe(once);
    expect(closed).toBe(0);
  });
});
