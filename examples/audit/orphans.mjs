// Which sessions have lost their leader, and which process groups are orphaned? They are what is left of logins that
// have ended and of jobs whose shell is gone: no shell will bring them to the foreground, or continue them where they
// are stopped.
//   node orphans.mjs
// Ends with 1 where there is one.
import { createClient } from 'psutil-extra';

const client = createClient({ threads: 1 });
const table = await client.scan({ fields: ['name', 'state', 'ppid', 'pgid', 'sid'] });
await client.close();

// A session of 0 is outside this PID namespace, or the kernel's.
const rows = [...table].filter(({ sid, state }) => sid !== null && sid > 0 && state !== 'zombie');
const byPid = new Map(rows.map((row) => [row.pid, row]));

function groupedBy(key) {
  const groups = new Map();
  for (const row of rows) groups.set(row[key], [...(groups.get(row[key]) ?? []), row]);
  return groups;
}

function print(what, members) {
  const stopped = members.some(({ state }) => state === 'stopped') ? ', some of them stopped for good' : '';
  console.log(`${what}: ${members.map(({ pid, name }) => `${pid} ${name}`).join(', ')}${stopped}`);
  process.exitCode = 1;
}

for (const [sid, members] of groupedBy('sid')) {
  if (!byPid.has(sid)) print(`session ${sid} has no leader`, members);
}

for (const [pgid, members] of groupedBy('pgid')) {
  const [{ sid }] = members;
  // A daemon's own group is orphaned by intent, and a session without a leader has been named.
  if (!byPid.has(sid) || members.some(({ pid }) => pid === sid)) continue;
  // As POSIX has it: no member's parent is in another group of the same session.
  const isHeld = members.some(({ ppid }) => {
    const parent = byPid.get(ppid);
    return parent !== undefined && parent.sid === sid && parent.pgid !== pgid;
  });
  if (!isHeld) print(`group ${pgid} of session ${sid} is orphaned`, members);
}
