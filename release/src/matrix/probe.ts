import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes a program beside an installed psutil-extra, which holds what that tells against what Node does. */
export function writeProbe(folder: string): string {
  const file = join(folder, 'probe.mjs');
  writeFileSync(file, PROBE);
  return file;
}

const PROBE = `
import { createClient } from 'psutil-extra';
const client = createClient({ threads: 1 });
const { pid } = process;
const table = await client.scan({ fields: ['name', 'pgid'] });
const [umask, sid] = await client.oneshot(pid, async (p) => [await p.umask(), await p.sid()]);
const limits = await client.getrlimit(pid, 'RLIMIT_NOFILE');
const groups = await client.groups(pid);
const facts = {
  umask: umask === process.umask(),
  // Node adds the effective group, which need not be a supplementary one.
  groups: process.getgroups().every((id) => groups.includes(id) || id === process.getegid()),
  rlimit: limits.soft > 0 && limits.soft <= limits.hard,
  oneshot: sid > 0 && sid === (await client.sid(pid)),
  scan: table.get(pid) !== undefined && table.get(pid).pgid === (await client.pgid(pid)),
};
await client.close();
const of = (truth) => Object.keys(facts).filter((name) => facts[name] === truth).join(', ') || 'none';
console.log(process.arch + ', Node ' + process.version + ': right: ' + of(true) + '; wrong: ' + of(false));
process.exitCode = Object.values(facts).every(Boolean) ? 0 : 1;
`;
