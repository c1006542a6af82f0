import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** From the import of a library to its first answer, and what it takes up then. */
export interface Start {
  readonly milliseconds: number;
  /** Resident memory beyond what Node has by itself, in megabytes. */
  readonly rss: number;
}

const [who, addon] = process.argv.slice(2);
globalThis.gc?.();
const before = process.memoryUsage.rss();
const began = performance.now();
await (who === 'ours' ? ours() : pool(addon as string));
const milliseconds = performance.now() - began;
globalThis.gc?.();
const start: Start = { milliseconds, rss: (process.memoryUsage.rss() - before) / 1e6 };
console.log(JSON.stringify(start));
process.exit(0);

async function ours(): Promise<void> {
  const { createClient } = await import('psutil-extra');
  await createClient({ threads: 1 }).umask(process.pid);
}

/** The same copy of piscina, whose thread loads an addon that has nothing, and answers. */
async function pool(path: string): Promise<void> {
  const { Piscina } = createRequire(createRequire(import.meta.url).resolve('psutil-extra'))('piscina');
  const filename = fileURLToPath(new URL('../../native/empty-task.cjs', import.meta.url));
  await new Piscina({ filename, minThreads: 1, maxThreads: 1, atomics: 'disabled', workerData: path }).run(1);
}
