import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createClient, type Process } from 'psutil-extra';
import { expect, test } from 'vitest';
import { Spawned } from '../../processes/spawned.js';
import { report } from '../scale.js';

/** Processes that have as much of something as this system allows. */

const MEGABYTE = 2 ** 20;
/** Below the longest argument that the kernel takes. */
const LENGTH = 100_000;
const TEXTS = Array.from({ length: 40 }, (_, i) => `${i}`.padEnd(LENGTH, 'x'));

test('a command line of two megabytes is whole', async () => {
  using large = await Large.start(['python3', '-c', EXECUTES, 'cmdline', '20']);
  const argv = await large.read('cmdline');
  expect(argv.length).toBe(3 + 20);
  expect(argv.slice(3).every((text, i) => text === TEXTS[i])).toBe(true);
  large.done('a command line of 2 MB', 64);
});

test('an environment of four megabytes is whole', async () => {
  using large = await Large.start(['python3', '-c', EXECUTES, 'environ', '40']);
  const environ = await large.read('environ');
  expect(Object.keys(environ)).toHaveLength(40);
  expect(TEXTS.every((text, i) => environ[`V${i}`] === text)).toBe(true);
  large.done('an environment of 4 MB', 64);
});

test('each of as many descriptors as the hard limit allows is there once', async () => {
  using large = await Large.start(['python3', '-c', DESCRIPTORS]);
  const fds = await large.read('fds');
  const listed = readdirSync(`/proc/${large.pid}/fd`).map(Number);
  expect(fds.map(({ fd }) => fd).toSorted(up)).toEqual(listed.toSorted(up));
  expect(await large.read('fdCount')).toBe(listed.length);
  large.done(`${listed.length} descriptors`, 64);
});

test('each of 65,000 mappings is there once, in order', async () => {
  using large = await Large.start(['python3', '-c', MAPPINGS]);
  const maps = await large.read('memoryMaps');
  const lines = readFileSync(`/proc/${large.pid}/maps`, 'utf8').trim().split('\n');
  expect(maps.length).toBeGreaterThan(60_000);
  expect(
    maps.map(({ start, end }) => `${start.toString(16).padStart(8, '0')}-${end.toString(16).padStart(8, '0')}`),
  ).toEqual(lines.map((line) => line.slice(0, line.indexOf(' '))));
  large.done(`${maps.length} mappings`, 256);
});

test('each of as many threads as may be started is there once', async () => {
  using large = await Large.start(['python3', '-c', THREADS]);
  const threads = await large.read('threadList');
  const listed = readdirSync(`/proc/${large.pid}/task`).map(Number);
  expect(threads.map(({ tid }) => tid).toSorted(up)).toEqual(listed.toSorted(up));
  expect(listed.length).toBeGreaterThan(1000);
  large.done(`${listed.length} threads`, 64);
});

const up = (a: number, b: number) => a - b;

type Readable = 'cmdline' | 'environ' | 'fds' | 'fdCount' | 'memoryMaps' | 'threadList';

/** A process that has printed a line, and the client that reads it: by one thread. */
class Large implements Disposable {
  readonly #before = peak();
  #milliseconds = 0;

  readonly spawned: Spawned;

  private constructor(spawned: Spawned) {
    this.spawned = spawned;
  }

  static async start(command: readonly string[]): Promise<Large> {
    const spawned = new Spawned(command, { stdio: ['pipe', 'pipe', 'inherit'] });
    if (spawned.child.stdout === null) throw new Error('no output');
    await once(createInterface({ input: spawned.child.stdout }), 'line');
    return new Large(spawned);
  }

  get pid(): number {
    return this.spawned.pid;
  }

  async read<F extends Readable>(field: F): Promise<Awaited<ReturnType<Process[F]>>> {
    await using client = createClient({ threads: 1 });
    await client.umask(this.pid);
    const began = performance.now();
    const value = await client[field](this.pid);
    this.#milliseconds = Math.max(this.#milliseconds, performance.now() - began);
    return value as Awaited<ReturnType<Process[F]>>;
  }

  /** Checks how many megabytes more this program has had than before. */
  done(what: string, most: number): void {
    const grown = (peak() - this.#before) / MEGABYTE;
    report(`${what}: ${this.#milliseconds.toFixed(0)} ms, at most ${grown.toFixed(0)} MB more than before`);
    expect(grown).toBeLessThan(most);
  }

  [Symbol.dispose](): void {
    this.spawned[Symbol.dispose]();
  }
}

/** The most bytes that have been resident. */
function peak(): number {
  return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;
}

const WAITS = `import sys
print(flush=True)
sys.stdin.read()`;

/** With the default limit of the stack there is room for two megabytes of both together. */
const EXECUTES = `import os, resource, sys
soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
resource.setrlimit(resource.RLIMIT_STACK, (hard, hard))
texts = [str(i).ljust(${LENGTH}, 'x') for i in range(int(sys.argv[2]))]
argv = ['python3', '-c', ${JSON.stringify(WAITS)}]
if sys.argv[1] == 'cmdline': os.execve(sys.executable, argv + texts, {})
else: os.execve(sys.executable, argv, {'V' + str(i): text for i, text in enumerate(texts)})`;

const DESCRIPTORS = `import os, resource, sys
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
null = os.open('/dev/null', os.O_RDONLY)
for i in range(min(hard - 16, 100000)): os.dup(null)
${WAITS}`;

/** Neighbours of the same permissions would be one. */
const MAPPINGS = `import ctypes, sys
mmap = ctypes.CDLL(None).mmap
mmap.restype = ctypes.c_void_p
mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
for i in range(65000):
    if mmap(None, 4096, 3 if i % 2 else 1, 0x22, -1, 0) == ctypes.c_void_p(-1).value: break
${WAITS}`;

const THREADS = `import sys, threading
threading.stack_size(65536)
over = threading.Event()
try:
    for i in range(30000): threading.Thread(target=over.wait, daemon=True).start()
except RuntimeError: pass
print(flush=True)
sys.stdin.read()
import os
os._exit(0)`;
