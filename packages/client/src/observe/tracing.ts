import { channel } from 'node:diagnostics_channel';
import { types } from 'node:util';
import { FIELDS, type FieldBits, FieldSet, Frame, sourcesOf } from '@psutil-extra/native/protocol';
import type { Reply } from '@psutil-extra/worker';
import { ProcessRef } from '../schema/process-ref.js';
import { capabilitiesOf, type Origin } from '../support/capabilities.js';
import { now } from '../support/timers.js';
import { CallSite } from './call-site.js';

/** What is published on the channel `psutil-extra:call` when a call has been answered. */
export interface CallEvent {
  /** The method: `'umask'`, `'rlimit'`, `'scan'`. */
  readonly method: string;
  /** The process that the call is about; `undefined` if it is about all. */
  readonly pid: number | undefined;
  /** From the call to its answer, in milliseconds. */
  readonly elapsed: number;
  /** Whether a oneshot scope's cache answered, without a message to a thread. */
  readonly cached: boolean;
  /** Where the call was made, a line of a stack: `'main (file:///srv/app.js:10:5)'`. */
  readonly by: string | undefined;
  /** The error that it rejected with. */
  readonly error: unknown;
}

/** What is published on the channel `psutil-extra:read` when a thread has answered a message. */
export interface ReadEvent {
  /** The request: `'read'` and `'scan'` of fields, `'list'` and `'descendants'` of PIDs, `'act'` to change a process, `'attach'` of a port. */
  readonly op: string;
  /** How many processes were read. */
  readonly processes: number;
  /** Which of their fields. */
  readonly fields: readonly string[];
  /** How often each source was read, as in `Stats.reads`, without sources that were not read. */
  readonly reads: Readonly<Record<string, number>>;
  /** Time spent reading in the thread, in milliseconds; `undefined` if a single number came back. */
  readonly reading: number | undefined;
  /** From the message to its answer, in milliseconds, with the time it waited for a thread. */
  readonly elapsed: number;
  /** Whether the answer is not an error. A process that is gone is no error here. */
  readonly ok: boolean;
}

// Kept, so that it costs one boolean to see whether a channel has subscribers.
const calls = channel('psutil-extra:call');
const reads = channel('psutil-extra:read');

/** Whether the channel of calls has subscribers. */
export function callsAreTraced(): boolean {
  return calls.hasSubscribers;
}

/** Makes a call and publishes it. */
export async function tracedCall<T>(
  method: string,
  proc: unknown,
  counters: { readonly cacheHits: number },
  make: () => Promise<T>,
): Promise<T> {
  const pid = pidOf(proc);
  const began = now();
  const by = new CallSite().caller;
  const before = counters.cacheHits;
  const answer = make();
  // A cache answers before anything is awaited.
  const cached = counters.cacheHits > before;
  const publish = (error: unknown) =>
    calls.publish({ method, pid, elapsed: now() - began, cached, by, error } satisfies CallEvent);
  try {
    const value = await answer;
    publish(undefined);
    return value;
  } catch (error) {
    publish(error);
    throw error;
  }
}

/** The PID of an argument; `undefined` if it is no process, which the call itself rejects. */
function pidOf(proc: unknown): number | undefined {
  if (typeof proc === 'number') return proc + 0;
  return proc instanceof ProcessRef ? proc.pid : undefined;
}

/** The part of a message that is published. */
interface Message {
  readonly op: string;
  readonly fields?: FieldBits;
}

/** @internal Returns a thread's answer and, if the channel of reads has subscribers, publishes it. */
export function tracedRead<T>(message: Message, answer: Promise<Reply<T>>, origin?: Origin): Promise<Reply<T>> {
  return reads.hasSubscribers ? published(message, answer, origin) : answer;
}

async function published<T>(
  { op, fields = 0 }: Message,
  answer: Promise<Reply<T>>,
  origin: Origin = HERE,
): Promise<Reply<T>> {
  const began = now();
  const reply = await answer;
  const frames = reply.ok ? framesIn(reply.value) : [];
  const scalar = reply.ok && op === 'read' && typeof reply.value === 'number' ? reply.value : undefined;
  reads.publish({
    op,
    processes: scalar === undefined ? frames.reduce((sum, { taken }) => sum + taken, 0) : 1,
    fields: [...FieldSet.fromBits(fields)].map((field) => FIELDS[field]?.name as string),
    reads: readsOf(frames, scalar, capabilitiesOf(origin).sources),
    reading: frames.length === 0 ? undefined : frames.reduce((sum, { elapsed }) => sum + elapsed, 0) / 1000,
    elapsed: now() - began,
    ok: reply.ok,
  } satisfies ReadEvent);
  return reply;
}

/** The frames of an answer: one, several, or several within parts. A damaged frame is an error for the caller, not here. */
function framesIn(value: unknown): Frame[] {
  const parts: unknown[] = Array.isArray(value) ? value : [value];
  try {
    return parts
      .map((part) => (types.isArrayBuffer(part) ? part : (part as { buffer?: unknown } | null)?.buffer))
      .filter((buffer) => types.isArrayBuffer(buffer))
      .map((buffer) => new Frame(buffer));
  } catch {
    return [];
  }
}

function readsOf(
  frames: readonly Frame[],
  scalar: number | undefined,
  sources: readonly string[],
): Record<string, number> {
  const counts: Record<string, number> = {};
  sources.forEach((name, source) => {
    const ofScalar = scalar === undefined ? 0 : (sourcesOf(scalar) >> source) & 1;
    const count = frames.reduce((sum, frame) => sum + (frame.reads.get(source) ?? 0), ofScalar);
    if (count > 0) counts[name] = count;
  });
  return counts;
}

const HERE: Origin = { root: '' };
