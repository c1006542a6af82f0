import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createClient, FIELDS } from 'psutil-extra';
import { PID, UNUSED_PID } from './calls.mjs';
import { CLIENT } from './client.mjs';
import { ONESHOT } from './oneshot.mjs';
import { PROCESS } from './process.mjs';
import { REMOTE } from './remote.mjs';
import { TABLE } from './table.mjs';

/** Every method: called so that it works, and so that it fails where it can. */
export const SUBJECTS = { ...CLIENT, ...PROCESS, ...ONESHOT, ...TABLE, ...REMOTE };

export async function openWorld() {
  const client = createClient({ threads: 1 });
  const child = spawn('sleep', ['300']);
  await once(child, 'spawn');
  const dead = await client.process(child.pid);
  child.kill('SIGKILL');
  await once(child, 'exit');
  return {
    client,
    held: await client.process(PID),
    dead,
    scope: await client.oneshot(PID),
    unusedScope: await client.oneshot(UNUSED_PID),
    table: await client.scan({ pids: [PID, UNUSED_PID, 1], fields: FIELDS }),
    signal: new AbortController().signal,
  };
}
