import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** From the import of a library to its first answer, and what it takes up then. */
export interface Start {
  readonly milliseconds: number;
  /** Resident memory beyond what Node has by itself, in megabytes. */
  readonly rss: number;
  /** What of it is not pages of files, such as of Node's own executable, which all programs that run it share. */
  readonly anonymous: number;
}

const [who, addon] = process.argv.slice(2);
const before = resident();
const began = performance.now();
await (who === 'ours' ? ours() : pool(addon as string));
const milliseconds = performance.now() - began;
await collect();
const after = resident();
const start: Start = { milliseconds, rss: after.rss - before.rss, anonymous: after.anonymous - before.anonymous };
console.log(JSON.stringify(start));
process.exit(0);

async function ours(): Promise<void> {
  const { createClient } = await import('psutil-extra');
  await createClient({ threads: 1 }).umask(process.pid);
}

/** Piscina as the client uses it, whose thread loads an addon that has nothing, and answers. It is imported as the client is. */
async function pool(path: string): Promise<void> {
  const { Piscina } = await import('piscina');
  const filename = fileURLToPath(new URL('../../native/empty-task.cjs', import.meta.url));
  await new Piscina({ filename, minThreads: 1, maxThreads: 1, atomics: 'disabled', workerData: path }).run(1);
}

/** The flag is set only now: with it from the start, Node would compile its own modules, and take more time and memory. */
async function collect(): Promise<void> {
  const { setFlagsFromString } = await import('node:v8');
  const { runInNewContext } = await import('node:vm');
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

function resident(): { rss: number; anonymous: number } {
  const status = readFileSync('/proc/self/status', 'utf8');
  const megabytes = (name: string) =>
    (Number(new RegExp(`^${name}:\\s*(\\d+) kB`, 'm').exec(status)?.[1]) * 1024) / 1e6;
  return { rss: megabytes('VmRSS'), anonymous: megabytes('RssAnon') };
}
