import { channel } from 'node:diagnostics_channel';
import { types } from 'node:util';
import { type FieldBits, FieldSet, type Frame, sourcesOf } from '@psutil-extra/native/protocol';
import type { Reply } from '@psutil-extra/worker';
import { FIELD_NAMES, type Field } from '../schema/fields.js';
import { frameFrom } from '../schema/received.js';
import { capabilities } from '../support/capabilities.js';
import { now } from '../support/timers.js';
import { CallSite } from './call-site.js';

/** What is published on the channel `psutil-extra:call` when a call has been answered. */
export interface CallEvent {
  /** The method: `'umask'`, `'rlimit'`, `'scan'`. */
  readonly method: string;
  /** The process that was asked about; nothing where it was all of them. */
  readonly pid: number | undefined;
  /** From the call to its answer, in milliseconds. */
  readonly elapsed: number;
  /** Whether a oneshot scope answered, without a message to a thread. */
  readonly cached: boolean;
  /** Where the call was made, a line of a stack: `'main (file:///srv/app.js:10:5)'`. */
  readonly by: string | undefined;
  /** What it rejected with. */
  readonly error: unknown;
}

/** What is published on the channel `psutil-extra:read` when a thread has answered a message. */
export interface ReadEvent {
  /** What was asked: `'read'` and `'scan'` of fields, `'list'` of PIDs, `'set'` of a limit, `'attach'` of a port. */
  readonly op: string;
  /** How many processes were read. */
  readonly processes: number;
  /** Which fields of them. */
  readonly fields: readonly Field[];
  /** How often each source was read, as in `Stats.reads`; those that were not are left out. */
  readonly reads: Readonly<Record<string, number>>;
  /** Time spent reading in the thread, in milliseconds; nothing where a single number came back. */
  readonly reading: number | undefined;
  /** From the message to its answer, in milliseconds: waiting for a thread is in it. */
  readonly elapsed: number;
  /** Whether an answer came, and no error. A process that is gone is an answer. */
  readonly ok: boolean;
}

// Held, so that looking whether anybody listens is one boolean.
const calls = channel('psutil-extra:call');
const reads = channel('psutil-extra:read');

/** Whether anybody listens to calls. */
export function callsAreTraced(): boolean {
  return calls.hasSubscribers;
}

/** Makes a call and tells of it. `hits` counts what was answered by scopes. */
export async function tracedCall<T>(
  method: string,
  pid: number | undefined,
  hits: () => number,
  make: () => Promise<T>,
): Promise<T> {
  const began = now();
  const by = new CallSite().caller;
  const before = hits();
  const answer = make();
  // A scope answers before anything is awaited.
  const cached = hits() > before;
  const tell = (error: unknown) =>
    calls.publish({ method, pid, elapsed: now() - began, cached, by, error } satisfies CallEvent);
  try {
    const value = await answer;
    tell(undefined);
    return value;
  } catch (error) {
    tell(error);
    throw error;
  }
}

/** A message, as far as it is told of. */
interface Message {
  readonly op: string;
  readonly fields?: FieldBits;
}

/** @internal Passes on a thread's answer and, where anybody listens, tells of it. */
export function tracedRead<T>(message: Message, answer: Promise<Reply<T>>): Promise<Reply<T>> {
  return reads.hasSubscribers ? told(message, answer) : answer;
}

async function told<T>({ op, fields = 0 }: Message, answer: Promise<Reply<T>>): Promise<Reply<T>> {
  const began = now();
  const reply = await answer;
  const frames = reply.ok ? framesIn(reply.value) : [];
  const single = reply.ok && op === 'read' && typeof reply.value === 'number' ? reply.value : undefined;
  reads.publish({
    op,
    processes: single === undefined ? frames.reduce((sum, { taken }) => sum + taken, 0) : 1,
    fields: [...FieldSet.fromBits(fields)].map((field) => FIELD_NAMES[field] as Field),
    reads: readsOf(frames, single),
    reading: frames.length === 0 ? undefined : frames.reduce((sum, { elapsed }) => sum + elapsed, 0) / 1000,
    elapsed: now() - began,
    ok: reply.ok,
  } satisfies ReadEvent);
  return reply;
}

/** The frames of an answer: one, several, or several within parts. Whoever waits for it is told of a damaged one. */
function framesIn(value: unknown): Frame[] {
  const parts: unknown[] = Array.isArray(value) ? value : [value];
  try {
    return parts
      .map((part) => (types.isArrayBuffer(part) ? part : (part as { buffer?: unknown } | null)?.buffer))
      .filter((buffer) => types.isArrayBuffer(buffer))
      .map((buffer) => frameFrom(buffer));
  } catch {
    return [];
  }
}

function readsOf(frames: readonly Frame[], single: number | undefined): Record<string, number> {
  const counts: Record<string, number> = {};
  capabilities().sources.forEach((name, source) => {
    const ofSingle = single === undefined ? 0 : (sourcesOf(single) >> source) & 1;
    const count = frames.reduce((sum, frame) => sum + (frame.reads.get(source) ?? 0), ofSingle);
    if (count > 0) counts[name] = count;
  });
  return counts;
}
