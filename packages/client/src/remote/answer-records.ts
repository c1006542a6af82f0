import { type Failure, FailureKind } from '@psutil-extra/native/protocol';
import type { WireError } from '@psutil-extra/worker';

/** The kinds of records in an answer. */
export const RecordKind = {
  /** The bytes of a frame. */
  frame: 1,
  /** A `PackedScalar`, as a double. */
  number: 2,
  /** A cursor, as a double, and PIDs. */
  list: 3,
  /** The values that an action has replaced. */
  values: 4,
  /** The text of the boot. */
  boot: 5,
  /** Why there is no other. */
  error: 6,
  /** The end of a scan: its fields, as a double, and where its rows come from. */
  end: 7,
} as const;

/** The most bytes of frames in the answer to a scan. */
export const MOST_SCAN_BYTES: number = 127 * 2 ** 20;

export interface AnswerRecord {
  readonly kind: number;
  readonly payload: Uint8Array;
}

/** An error as it is sent. The stack stays: it names files of the host. */
export function encodeError(error: WireError): Uint8Array {
  return Buffer.from(JSON.stringify('failure' in error ? { failure: sentFailure(error.failure) } : sentError(error)));
}

function sentFailure({ code, syscall, about, ...failure }: Failure): Failure {
  const sent = { ...failure, code: nameIn(code), syscall: nameIn(syscall) };
  return about === undefined ? sent : { ...sent, about: printable(about) };
}

function sentError({ name, message, code }: Exclude<WireError, { failure: unknown }>) {
  return { name: nameIn(name), message: printable(message), code: nameIn(code) };
}

/** As the other side takes it: a name that it refused would cost the caller the whole error. */
function nameIn(text: string): string {
  return text.replace(/[^\w.:*-]/g, '_').slice(0, MAX_NAME);
}

/** In one line, of a bounded length. */
function printable(text: string): string {
  return text.replace(CONTROLS, ' ').slice(0, MAX_TEXT);
}

/** An error that was received; `undefined` if it is none. */
export function decodeError(payload: Uint8Array): WireError | undefined {
  if (payload.length > MAX_ERROR) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(payload).toString());
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const { failure, name, message, code } = parsed as { [name: string]: unknown };
  if (failure !== undefined) {
    const read = failureFrom(failure);
    return read && { failure: read };
  }
  if (!isName(name) || !isName(code) || !isText(message)) return undefined;
  return { name, message, code, stack: '' };
}

function failureFrom(value: unknown): Failure | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { kind, errno, code, syscall, about, lasts } = value as { [name: string]: unknown };
  if (!KINDS.has(kind) || !Number.isInteger(errno) || !isName(code) || !isName(syscall)) return undefined;
  if (about !== undefined && !isText(about)) return undefined;
  const read = { kind: kind as FailureKind, errno: errno as number, code, syscall };
  return { ...read, ...(about !== undefined && { about }), ...(lasts === true && { lasts }) };
}

/** The name of an errno, of a system call, or of a class. */
function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_NAME && /^[\w.:*-]*$/.test(value);
}

/** Texts stand in messages, which may be printed on a terminal. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_TEXT && !CONTROL.test(value);
}

const KINDS: ReadonlySet<unknown> = new Set(Object.values(FailureKind));
/** Also what turns the direction of writing. */
export const CONTROL = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/u;
const CONTROLS = new RegExp(CONTROL, 'gu');
const MAX_NAME = 64;
const MAX_TEXT = 2000;
const MAX_ERROR = 16_384;
