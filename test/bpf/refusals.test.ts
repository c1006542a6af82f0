import { loadAddon } from '@psutil-extra/native';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FailingCalls, type Outcome } from '../faults/faults.js';
import { lacking } from '../processes/abilities.js';
import { answerOf } from '../processes/node.js';
import { sleeper } from '../processes/sleeper.js';

const refusal = loadAddon().refusalOfWalk();
const noBpf: [boolean, string] = [refusal !== null, `BPF is not available here: ${refusal?.about}`];

let calls: FailingCalls;
beforeAll(() => {
  if (!lacking.preload[0]) calls = new FailingCalls();
});
afterAll(() => calls?.[Symbol.dispose]());

/** The outcomes of a client's first and second scan. */
async function twoScans(
  call: 'bpf' | 'capget',
  error: string,
  skips: readonly number[],
  times = 1e9,
): Promise<Outcome[]> {
  using spawned = await sleeper();
  return await calls.ask(
    spawned.pid,
    skips.map((skip) => ({ question: 'walk', call, error, skip, times })),
  );
}

// The calls of loading and starting the program, one after the other, and those before that look whether there are any.
const EACH_CALL = Array.from({ length: 8 }, (_, i) => i);

test.for(['EMFILE', 'ENOMEM', 'EAGAIN', 'EINTR'])(
  'a bpf call that fails with %s leaves that scan to procfs, and the next one goes by BPF',
  async (error, { skip }) => {
    skip(...noBpf);
    skip(...lacking.preload);
    const outcomes = await twoScans('bpf', error, EACH_CALL, 1);
    expect(outcomes.map(({ failed }) => failed)).toEqual(EACH_CALL.map(() => 1));
    for (const { value, after } of outcomes) expect([value, after.again.value]).toEqual(['procfs', 'bpf']);
  },
);

test('after a denial the next scan tries again, because it may be granted meanwhile', async ({ skip }) => {
  skip(...noBpf);
  skip(...lacking.preload);
  for (const { value, after, failed } of await twoScans('bpf', 'EPERM', [0, 1, 2])) {
    expect([value, after.again.value, failed > 0]).toEqual(['procfs', 'bpf', true]);
  }
});

test('where capabilities cannot be read, a scan uses procfs', async ({ skip }) => {
  skip(...noBpf);
  skip(...lacking.preload);
  for (const { value, after, failed } of await twoScans('capget', 'EPERM', [0])) {
    expect([value, after.again.value, failed > 0]).toEqual(['procfs', 'bpf', true]);
  }
});

test('a lasting refusal is remembered by the client that got it, and by no other', async ({ skip }) => {
  skip(...noBpf);
  skip(...lacking.preload);
  // The second of these is a client of its own, which is not refused.
  const [first, second] = await twoScans('bpf', 'ENOSYS', [0, 1000]);
  expect([first?.value, first?.after.again.value]).toEqual(['procfs', 'procfs']);
  expect([second?.value, second?.after.again.value]).toEqual(['bpf', 'bpf']);
});

test('a program out of descriptors scans by BPF as soon as it has some', async ({ skip }) => {
  skip(...noBpf);
  const answers = await answerOf<{ free: number; short: string; after: string }[]>(
    `import { closeSync, openSync } from 'node:fs';
     import { createClient } from 'psutil-extra';
     const answers = [];
     for (let free = 0; free < 9; free++) {
       const client = createClient({ threads: 1 });
       await client.umask(process.pid);
       const open = [];
       try { for (;;) open.push(openSync('/dev/null')); } catch {}
       for (const fd of open.splice(0, free)) closeSync(fd);
       const scan = () => client.scan({ fields: ['umask'] }).then(({ source }) => source, ({ code }) => code);
       const short = await scan();
       for (const fd of open) closeSync(fd);
       answers.push({ free, short, after: await scan() });
       await client.close();
     }
     console.log(JSON.stringify(answers));`,
    { wrapper: ['prlimit', '--nofile=256'] },
  );
  expect(answers.map(({ free, after }) => [free, after])).toEqual(
    Array.from({ length: 9 }, (_, free) => [free, 'bpf']),
  );
  expect(answers.map(({ short }) => short)).toEqual(expect.arrayContaining(['procfs', 'bpf']));
});
