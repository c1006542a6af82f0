import { loadAddon } from '@psutil-extra/native';
import { createClient } from 'psutil-extra';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { CompiledProgram } from '../processes/compiled-program.js';
import { answerOf } from '../processes/node.js';
import { sleeper } from '../processes/sleeper.js';

const refusal = loadAddon().refusalOfWalk();
const noBpf: [boolean, string] = [refusal !== null, `BPF is not available here: ${refusal?.about}`];

let withoutBpf: CompiledProgram;
beforeAll(() => {
  withoutBpf = new CompiledProgram(new URL('without-bpf.c', import.meta.url));
});
afterAll(() => withoutBpf[Symbol.dispose]());

/** Becomes a command from which hidepid hides processes. */
const WITHOUT_PTRACE = 'exec setpriv --bounding-set=-sys_ptrace --inh-caps=-sys_ptrace "$@"';

describe('where BPF is not available', () => {
  /** Scans by each source, and their results or errors. */
  const ASK = `import { createClient } from 'psutil-extra';
    const answer = {};
    for (const source of ['auto', 'bpf']) {
      const client = createClient({ threads: 1, source, ...JSON.parse(process.argv.at(-1)) });
      answer[source] = await client.scan().then(
        (table) => ({ source: table.source, rows: table.length > 0 }),
        ({ name, code, message }) => ({ name, code, message }));
      answer[source].supports = client.supports('bpf');
      await client.close();
    }
    console.log(JSON.stringify(answer));`;
  interface Answer {
    auto: { source: string; rows: boolean; supports: boolean };
    bpf: { name: string; code: string; message: string; supports: boolean };
  }
  const ask = (wrapper: string[], options: object = {}) =>
    answerOf<Answer>(ASK, { wrapper, args: [JSON.stringify(options)] });
  const FALLEN_BACK = { source: 'procfs', rows: true, supports: false };

  test.for<[string, RegExp]>([
    ['bpf', /CAP_BPF is missing/],
    ['perfmon', /CAP_PERFMON is missing/],
    ['bpf,-perfmon', /CAP_BPF and CAP_PERFMON are missing/],
  ])(
    'without CAP_%s, auto goes through procfs and bpf says which is missing',
    async ([capability, message], { skip }) => {
      skip(...lacking.root);
      const answer = await ask(['setpriv', `--bounding-set=-sys_admin,-${capability}`]);
      expect(answer.auto).toEqual(FALLEN_BACK);
      expect(answer.bpf).toMatchObject({ name: 'AccessDeniedError', code: 'EPERM', supports: false });
      expect(answer.bpf.message).toMatch(message);
    },
  );

  test('through another procRoot, likewise', async () => {
    const answer = await ask([], { procRoot: '/proc/self/root/proc' });
    expect(answer.auto).toEqual(FALLEN_BACK);
    expect(answer.bpf).toMatchObject({ name: 'NotSupportedError', code: 'ENOTSUP', supports: false });
  });

  test.for<[string, string[], RegExp]>([
    [
      'a /proc of outside, seen from a PID namespace',
      ['unshare', '--pid', '--fork', '--kill-child'],
      /another PID namespace/,
    ],
    [
      'a /proc with hidepid',
      ['unshare', '--mount', 'sh', '-c', `mount -t proc -o hidepid=2 proc /proc && ${WITHOUT_PTRACE}`, 'sh'],
      /hidepid/,
    ],
    [
      // mountinfo comes a page at a time, and a container's host has many pages of it.
      'a /proc with hidepid among hundreds of mounts',
      [
        'unshare',
        '--mount',
        'sh',
        '-c',
        `for i in $(seq 200); do mount -t tmpfs none /mnt; done && mount -t proc -o hidepid=2 proc /proc && ${WITHOUT_PTRACE}`,
        'sh',
      ],
      /hidepid/,
    ],
    [
      'a machine without the types of its kernel',
      ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs none /sys/kernel/btf && exec "$@"', 'sh'],
      /\/sys\/kernel\/btf\/vmlinux is missing/,
    ],
    ['a time namespace', ['unshare', '--time', '--boottime', '86400', '--fork'], /time namespace/],
  ])('on %s, likewise', async ([, wrapper, message], { skip }) => {
    skip(...noBpf);
    skip(...lacking.namespaces);
    const answer = await ask(wrapper);
    expect(answer.auto).toEqual(FALLEN_BACK);
    expect(answer.bpf).toMatchObject({ name: 'NotSupportedError', code: 'ENOTSUP', supports: false });
    expect(answer.bpf.message).toMatch(message);
  });

  test.for<[string, string, string]>([
    ['EPERM', '1', 'AccessDeniedError'],
    ['ENOSYS', '38', 'NotSupportedError'],
  ])('in a sandbox that answers bpf with %s, likewise', async ([code, number, name], { skip }) => {
    skip(...noBpf);
    const answer = await ask([withoutBpf.path, number]);
    expect(answer.auto).toEqual(FALLEN_BACK);
    expect(answer.bpf).toMatchObject({ name, supports: false });
    expect(answer.bpf.message).toContain(code);
    expect(answer.bpf.message).toContain('seccomp');
  });

  test('auto costs no more messages for it', async () => {
    using spawned = await sleeper();
    await using auto = createClient({ threads: 1, procRoot: '/proc/self/root/proc' });
    await using procfs = createClient({ threads: 1, procRoot: '/proc/self/root/proc', source: 'procfs' });
    expect((await auto.scan()).get(spawned.pid)).toBeDefined();
    await procfs.scan();
    expect(auto.stats().messages).toBeLessThanOrEqual(procfs.stats().messages + 1);
  });
});
