// Which services have umask 000? Every file that they make can be written by everybody.
//   node open-umask.mjs          those with 000
//   node open-umask.mjs 002      those whose files everybody may write
// Ends with 1 where there is one.
import { createClient } from 'psutil-extra';

const mustMask = Number.parseInt(process.argv[2] ?? '777', 8);

const client = createClient({ threads: 1 });
const table = await client.scan({ fields: ['name', 'umask', 'uids'] });
await client.close();

for (const { pid, name, umask, uids } of table) {
  // A zombie has no umask any more.
  if (umask === null || (umask & mustMask) !== 0) continue;
  console.log(`${pid} ${name} (user ${uids?.effective}): umask ${umask.toString(8).padStart(3, '0')}`);
  process.exitCode = 1;
}
