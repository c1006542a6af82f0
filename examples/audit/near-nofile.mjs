// Which processes are near their limit of open files, and will fail with EMFILE next?
//   node near-nofile.mjs         those who use 80 % and more
//   node near-nofile.mjs 50      50 % and more
// Ends with 1 where there is one. Processes whose files may not be counted are printed on stderr.
import { readdir, stat } from 'node:fs/promises';
import { createClient } from 'psutil-extra';

const percent = Number(process.argv[2] ?? 80);

const client = createClient({ threads: 1 });
const table = await client.scan({ fields: ['name', 'rlimits'] });
await client.close();

/**
 * How many files a process has open. Since Linux 6.2 the size of /proc/PID/fd is their number, and any process that sees
 * this one may read it. Before, the size is 0, and the folder must be read, which only its user and root may do.
 */
async function openFiles(pid) {
  const { size } = await stat(`/proc/${pid}/fd`);
  return size > 0 ? size : (await readdir(`/proc/${pid}/fd`)).length;
}

const denied = [];
for (const { pid, name, rlimits } of table) {
  const limit = rlimits?.RLIMIT_NOFILE?.soft;
  if (limit === undefined) continue;
  let open;
  try {
    open = await openFiles(pid);
  } catch (error) {
    // It has ended meanwhile, or it is another user's.
    if (error.code === 'EACCES' || error.code === 'EPERM') denied.push(pid);
    continue;
  }
  // The limit is of the highest number, so that files which are open beyond it, from before it was lowered, count as well.
  if (open < (limit * percent) / 100) continue;
  // Kernel threads and the like have no open files and no limit.
  if (open === 0) continue;
  console.log(`${pid} ${name}: ${open} of ${limit} files open`);
  process.exitCode = 1;
}
if (denied.length > 0) console.error(`${denied.length} processes may not be counted; root may: ${denied.join(' ')}`);
