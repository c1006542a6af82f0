// Which processes are not root, but in a supplementary group that is as powerful? Group 0 may write what root's group
// may; docker may start a container that mounts the whole disk.
//   node powerful-groups.mjs                   group 0 and docker
//   node powerful-groups.mjs disk lxd 1234     these: names of /etc/group, or numbers
// Ends with 1 where there is one.
import { readFileSync } from 'node:fs';
import { createClient } from 'psutil-extra';

const wanted = process.argv.length > 2 ? process.argv.slice(2) : ['0', 'docker'];
const groups = new Map(
  readFileSync('/etc/group', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .flatMap(([name, , gid]) => (gid === undefined ? [] : [[Number(gid), name]])),
);
const gids = new Set([
  ...wanted.filter((name) => /^\d+$/.test(name)).map(Number),
  ...[...groups].filter(([, name]) => wanted.includes(name)).map(([gid]) => gid),
]);

const client = createClient({ threads: 1 });
const table = await client.scan({ fields: ['name', 'uids', 'groups'] });
await client.close();

for (const { pid, name, uids, groups: own } of table) {
  const found = own?.filter((gid) => gids.has(gid)) ?? [];
  // A process that can become root by its saved id has that power too, and needs no group for it.
  const isRoot = uids !== null && [uids.real, uids.effective, uids.saved].includes(0);
  if (found.length === 0 || isRoot) continue;
  console.log(`${pid} ${name} (user ${uids?.effective}): ${found.map((gid) => groups.get(gid) ?? gid).join(', ')}`);
  process.exitCode = 1;
}
