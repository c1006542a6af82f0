import type { Failure } from '@psutil-extra/native';
import type { Reply, WireError } from './wire.js';

/** Answers with the value, or with the failure that native gave in its place. */
export function reply<T extends object>(value: T | Failure): Reply<T> {
  return isFailure(value) ? { ok: false, error: { failure: value } } : { ok: true, value };
}

/** Turns whatever was thrown into plain data: a thrown error would lose its code on the way. */
export function errorReply(thrown: unknown): { readonly ok: false; readonly error: WireError } {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const { code } = error as { code?: unknown };
  return {
    ok: false,
    error: {
      name: error.name,
      message: error.message,
      code: typeof code === 'string' ? code : 'ERR_WORKER',
      stack: error.stack ?? '',
    },
  };
}

function isFailure(value: object): value is Failure {
  return 'kind' in value && 'syscall' in value;
}
