import { readFileSync } from 'node:fs';
import { FIELDS } from 'psutil-extra';
import { expect, test } from 'vitest';
import { AS_NOBODY, lacking } from '../processes/abilities.js';
import { answerOf } from '../processes/node.js';
import { sleeper } from '../processes/sleeper.js';

/** Everything, of this process and of another user's: how each call ended. */
const PROGRAM = `import { createClient, FIELDS } from 'psutil-extra';
  const [, other] = process.argv;
  const client = createClient({ threads: 1 });
  const outcomeOf = async (promise) => { try { await promise; return 'answered'; } catch ({ name, code, syscall, message }) { return { name, code, syscall, message }; } };
  const all = async (pid) => Object.fromEntries(await Promise.all([
    ...FIELDS.map((field) => [field, client[field](pid)]),
    ['getrlimit', client.getrlimit(pid, 'RLIMIT_RSS')],
    ['rlimit', client.getrlimit(process.pid, 'RLIMIT_RSS').then(() => client.rlimit(pid, 'RLIMIT_RSS', { soft: 1, hard: 1 }))],
    ['snapshot', client.snapshot(pid, { fields: FIELDS })],
    ['process', client.process(pid)],
    ['oneshot', client.oneshot(pid, (scope) => scope.snapshot())],
    ['scan', client.scan({ pids: [pid], fields: FIELDS })],
  ].map(async ([name, call]) => [name, await outcomeOf(call)])));
  const answer = { own: await all(process.pid), other: await all(Number(other)), everyone: await outcomeOf(client.scan({ fields: FIELDS })), pids: await outcomeOf(client.pids()), bpf: client.supports('bpf') };
  console.log(JSON.stringify(answer));
  await client.close();`;

type End = 'answered' | { name: string; code: string; syscall: string; message: string };
interface Answer {
  readonly own: Record<string, End>;
  readonly other: Record<string, End>;
  readonly everyone: End;
  readonly pids: End;
  readonly bpf: boolean;
}

const UNPRIVILEGED: [string, readonly string[]][] = [
  ['nobody', AS_NOBODY],
  ['root without a capability', ['setpriv', '--bounding-set=-all', '--inh-caps=-all', '--']],
];

test.for(UNPRIVILEGED)('as %s each call answers, or says why not', async ([, wrapper], { skip }) => {
  skip(...lacking.otherUser);
  using other = await sleeper(['prlimit', '--rss=5:10', 'setpriv', '--reuid=1234', '--regid=1234', '--clear-groups']);
  const answer = await answerOf<Answer>(PROGRAM, { wrapper, args: [String(other.pid)] });
  expect(Object.keys(answer.own)).toEqual([...FIELDS, 'getrlimit', 'rlimit', 'snapshot', 'process', 'oneshot', 'scan']);
  expect(Object.entries(answer.own).filter(([, end]) => end !== 'answered')).toEqual([]);
  expect([answer.everyone, answer.pids, answer.bpf]).toEqual(['answered', 'answered', false]);
  for (const [call, end] of Object.entries(answer.other)) {
    if (end === 'answered') continue;
    expect(end, call).toMatchObject({ name: 'AccessDeniedError', code: expect.stringMatching(/^E(PERM|ACCES)$/) });
    expect(end.syscall).toMatch(/./);
  }
  // The limits that the user nobody may not change have not been changed.
  expect(answer.other['rlimit']).toMatchObject({ name: 'AccessDeniedError', syscall: 'prlimit64' });
  expect(readFileSync(`/proc/${other.pid}/limits`, 'utf8')).toMatch(/Max resident set +5 +10 /);
});
