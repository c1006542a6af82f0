// Runs inside the virtual machine; see boot.mjs. What is meant for outside stands on lines that begin with RESULT.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { release } from 'node:os';
import { createClient } from 'psutil-extra';

const report = (what, value) => console.log(`RESULT ${JSON.stringify({ what, value })}`);

report('kernel', release());
report('node', process.version);
report('command line', readFileSync('/proc/cmdline', 'utf8').trim());
const options = { encoding: 'utf8', maxBuffer: 1 << 26 };
report('sources', JSON.parse(execFileSync(process.execPath, ['/app/sources.mjs', '/app/odd-herd'], options)));
for (const source of ['auto', 'bpf', 'procfs']) {
  const client = createClient({ threads: 1, source });
  const scanned = await client.scan().then(
    (table) => ({ source: table.source, rows: table.length, init: table.get(1)?.umask ?? null }),
    ({ name, message }) => ({ name, message }),
  );
  // Of the smaller program and of the larger one, which a kernel may refuse.
  await client.scan({ fields: ['memory'] }).catch(() => {});
  report(source, { programs: programs(), supports: client.supports('bpf'), ...scanned });
  await client.close();
}

/** How many BPF programs this process has loaded. */
function programs() {
  return readdirSync('/proc/self/fd').filter((fd) => target(fd) === 'anon_inode:bpf-prog').length;
}

/** Nothing of a descriptor that has been closed since it was listed. */
function target(fd) {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return undefined;
  }
}
