// Compares what an installed psutil-extra returns for this very process with what Node returns, on any system:
// copy it into a project that has the package, and run it. What the system does not support must be rejected as such.
import { createClient, NotSupportedError } from 'psutil-extra';

const client = createClient({ threads: 1 });
const { pid } = process;
const right = [];
const wrong = [];
const refused = [];

await hold('umask', async () => (await client.umask(pid)) === process.umask());
// Node adds the effective group, which need not be a supplementary one.
await hold('groups', async () => {
  const groups = await client.groups(pid);
  return process.getgroups().every((id) => groups.includes(id) || id === process.getegid());
});
await hold('getrlimit', async () => {
  const { soft, hard } = await client.getrlimit(pid, 'RLIMIT_NOFILE');
  return soft > 0 && soft <= hard;
});
await hold('sigmasks', async () => (await client.sigmasks(pid)).ignored.has('SIGPIPE'));
await hold('oneshot', () =>
  // A session whose leader is outside of this PID namespace has the id 0.
  client.oneshot(pid, async (p) => (await p.pgid()) === (await client.pgid(pid)) && (await p.sid()) >= 0),
);
await hold('scan', async () => (await client.scan({ fields: ['pgid'] })).get(pid).pgid === (await client.pgid(pid)));
await client.close();

console.log(`${process.platform} ${process.arch}, Node ${process.version}: right: ${listed(right)};`);
console.log(`  not supported: ${listed(refused)}; wrong: ${listed(wrong)}`);
process.exitCode = wrong.length === 0 && right.length > 0 ? 0 : 1;

async function hold(name, isRight) {
  try {
    ((await isRight()) ? right : wrong).push(name);
  } catch (error) {
    if (error instanceof NotSupportedError) refused.push(name);
    else wrong.push(`${name} (${error.message})`);
  }
}

function listed(names) {
  return names.join(', ') || 'none';
}
