// Which processes block or ignore SIGTERM? Nothing stops them cleanly: `systemctl stop`, `docker stop` and a shutdown
// wait for them until a timeout, and then kill them.
//   node will-not-stop.mjs            or another signal: node will-not-stop.mjs SIGHUP
// Ends with 1 where there is one.
import { createClient } from 'psutil-extra';

const signal = process.argv[2] ?? 'SIGTERM';

const client = createClient({ threads: 1 });
const table = await client.scan({ fields: ['name', 'sigmasks', 'state'] });
await client.close();

for (const { pid, name, sigmasks, state } of table) {
  if (sigmasks === null || state === 'zombie') continue;
  const { blocked, ignored, pending, processPending } = sigmasks;
  // Only the kernel's own threads can ignore SIGKILL, and those are not to be stopped.
  if (ignored?.has('SIGKILL')) continue;
  const how = ignored?.has(signal) ? 'ignores' : blocked?.has(signal) ? 'blocks' : undefined;
  if (how === undefined) continue;
  // One that was sent and is blocked is pending: an attempt has been made already.
  const waits = pending?.has(signal) || processPending?.has(signal) ? ', and one waits' : '';
  console.log(`${pid} ${name}: ${how} ${signal}${waits}`);
  process.exitCode = 1;
}
