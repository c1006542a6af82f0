import { constants } from 'node:os';
import { types } from 'node:util';
import { type Failure, FailureKind } from '@psutil-extra/native/protocol';
import { type Reply, stackOf, type WireError } from '@psutil-extra/worker';
import { notAllowed, RESPONDER } from '../support/errors.js';
import type { Allowed } from './allowed.js';
import { type AnswerRecord, encodeError, RecordKind } from './answer-records.js';
import { CarriedError } from './carried-error.js';
import { BadRequest, decodeRequest, type RemoteRequest } from './request-codec.js';
import { VERSION, WRONG_VERSION } from './version.js';

/** The request in a message, or why there is none. */
export function decoded(bytes: unknown): RemoteRequest | WireError {
  try {
    if (!types.isUint8Array(bytes)) return malformed('it is no Uint8Array');
    return decodeRequest(bytes);
  } catch (error) {
    if (!(error instanceof BadRequest)) return malformed('it cannot be read');
    const { message, isOfOtherVersion } = error;
    if (!isOfOtherVersion) return malformed(message);
    return errorOf(
      WRONG_VERSION,
      `the request is of another version (${message}), and the host has psutil-extra ${VERSION}`,
    );
  }
}

/** A request that no client of this version sends. */
export function malformed(what: string): WireError {
  return errorOf('ERR_REMOTE_REQUEST', `the request is refused: ${what}`);
}

/** The refusal of what is not allowed. */
export function refused(...names: Allowed[]): { readonly failure: Failure } {
  const failure = { kind: FailureKind.denied, errno: constants.errno.EACCES, code: 'EACCES', syscall: RESPONDER };
  return { failure: { ...failure, about: notAllowed(...names) } };
}

/** A scan whose answer the asker would not take. */
export function tooLarge(most: number): WireError {
  return errorOf(
    'ERR_REMOTE_TOO_LARGE',
    `the scan has more than ${most} bytes: ask for fewer fields, or for some processes at a time`,
  );
}

/** An answer that is an error. */
export function failed(error: WireError): AnswerRecord {
  return { kind: RecordKind.error, payload: encodeError(error) };
}

/** The answer with a thread's reply. */
export function replied<T>(reply: Reply<T>, kind: number, encode: (value: T) => Uint8Array): AnswerRecord {
  return reply.ok ? { kind, payload: encode(reply.value) } : failed(reply.error);
}

/** What was thrown, to be sent. */
export function wireErrorOf(error: unknown): WireError {
  if (error instanceof CarriedError) return error.wire;
  // Anything may be thrown: a signal may have any reason.
  const { name, message, code } = Object(error) as { name?: unknown; message?: unknown; code?: unknown };
  return {
    name: typeof name === 'string' ? name : 'Error',
    message: typeof message === 'string' ? message : String(error),
    code: typeof code === 'string' ? code : 'ERR_REMOTE',
    stack: stackOf(Object(error)),
  };
}

export function viewOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function errorOf(code: string, message: string): WireError {
  return { name: 'WorkerError', message, code, stack: '' };
}

export const BUSY = errorOf('ERR_REMOTE_BUSY', 'the host works on as many requests as it takes: try again later');
export const CLOSED = errorOf('ERR_CLIENT_CLOSED', "the host's own client is closed");
/** A change through another proc root. */
export const NOT_OWN: WireError = {
  failure: {
    kind: FailureKind.unsupported,
    errno: 0,
    code: 'ENOTSUP',
    syscall: RESPONDER,
    about: 'a process is not changed through another procRoot',
  },
};
