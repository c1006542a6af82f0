import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { COMMAND } from '../../cli-command.js';
import { Spawned } from '../../processes/spawned.js';
import { until } from '../../processes/until.js';

/** A program that serves metrics. */
export interface Exporter extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
}

/** Groups that have a place however many names processes have on this machine. */
export const OWN_GROUPS = ['--config', fileURLToPath(new URL('groups.json', import.meta.url))];

/** `psutil-extra serve` on a port that the system chooses. `wrapper` is a command that becomes the one it is given. */
export async function exporter(args: readonly string[] = [], wrapper: readonly string[] = []): Promise<Exporter> {
  const command = [...wrapper, process.execPath, COMMAND, 'serve', '--metrics', '0', '--interval', '0.5', ...args];
  return started(new Spawned(command, { stdio: ['ignore', 'ignore', 'pipe'] }));
}

/** One that has been started, as soon as it says where it is. It is ended if it does not. */
export async function started(spawned: Spawned): Promise<Exporter> {
  try {
    return await serving(spawned);
  } catch (error) {
    await spawned.end();
    throw error;
  }
}

async function serving(spawned: Spawned): Promise<Exporter> {
  let said = '';
  spawned.child.stderr?.on('data', (data) => {
    said += data;
  });
  const ended = once(spawned.child, 'exit');
  const url = await until('the exporter serves', () => {
    if (!spawned.running) throw new Error(said);
    return /^metrics on (http:\S+)\/metrics$/m.exec(said)?.[1];
  });
  return {
    url,
    pid: spawned.pid,
    [Symbol.asyncDispose]: async () => {
      spawned.child.kill('SIGTERM');
      await ended;
    },
  };
}
