import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { createClient, FIELDS } from 'psutil-extra';

export const PID = process.pid;
export const UNUSED_PID = 2 ** 22 + 1;
export const LIMITS = { soft: 0, hard: 0 };
export const UNKNOWN = 'RLIMIT_NOTHING';
export const aborted = { signal: AbortSignal.abort() };

let turn = 0;

/** A number that each call has for itself: what it takes by turns. */
export function nextTurn() {
  return ++turn;
}

/** Every field as a method of one kind of object. */
export function fields(kind, works, fails) {
  return Object.fromEntries(
    FIELDS.filter((field) => kind !== 'Process' || field !== 'startTime').map((field) => [
      `${kind}.${field}`,
      { works: (world) => works(world, field), fails: (world) => fails(world, field) },
    ]),
  );
}

/** Fields that are also Buffers, by turns. */
const BYTES = ['name', 'cmdline', 'exe', 'cwd', 'environ'];
export const AS_BYTES = { encoding: 'buffer' };
/** Another process, of which they are read by a reader process. */
export const PARENT = process.ppid;
export const BLOCKING = ['cmdline', 'environ', 'memoryMaps', 'memoryFootprint'];

function nextOfBytes() {
  return BYTES[nextTurn() % BYTES.length];
}

export function bytes(kind, works, fails) {
  return {
    [`${kind} with texts as Buffers`]: {
      works: (world) => works(world, nextOfBytes()),
      fails: (world) => fails(world, nextOfBytes()),
    },
  };
}

/** What each setter sets, which is no change that any later call would notice. */
const SET = {
  setNice: getPriority(),
  setIoPriority: { class: 'best-effort', level: 4 },
  setAffinity: Array.from({ length: 64 }, (_, cpu) => cpu),
  setScheduler: { policy: 'other' },
  setOomScoreAdj: Number(readFileSync('/proc/self/oom_score_adj', 'utf8')),
};

/** Every setter as a method of one kind of object, of the main thread and of all by turns. */
export function setters(kind, works, fails) {
  return Object.fromEntries(
    Object.entries(SET).map(([method, value]) => {
      const options = () => (method === 'setOomScoreAdj' ? {} : { allThreads: nextTurn() % 2 === 0 });
      const subject = {
        works: (world) => works(world, method, value, options()),
        fails: (world) => fails(world, method, value, options()),
      };
      return [`${kind}.${method}`, subject];
    }),
  );
}

export async function each(batches, most = Number.POSITIVE_INFINITY) {
  let taken = 0;
  for await (const batch of batches) if (batch.length > 0 && ++taken >= most) break;
}

/** A child of this program, which has been waited for when this resolves. */
export async function ofChild(use) {
  const child = spawn('sleep', ['300'], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  try {
    await use(child);
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

export async function clientOf(use) {
  const client = createClient({ threads: 1 });
  await use(client);
  await client.close();
}
