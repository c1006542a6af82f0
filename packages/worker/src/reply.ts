import type { Failure } from '@psutil-extra/native/protocol';
import type { Reply, WireError } from './wire.js';

/** A reply with the value, or with the failure that the addon returned in its place. */
export function reply<T extends object>(value: T | Failure): Reply<T> {
  return isFailure(value) ? { ok: false, error: { failure: value } } : { ok: true, value };
}

/** A reply with what was thrown, as plain data: an error loses its code when it is sent. */
export function errorReply(thrown: unknown): { readonly ok: false; readonly error: WireError } {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const { code } = error as { code?: unknown };
  return {
    ok: false,
    error: {
      name: error.name,
      message: error.message,
      code: typeof code === 'string' ? code : 'ERR_WORKER',
      stack: stackOf(error),
    },
  };
}

/** An error's stack; empty if `Error.prepareStackTrace` returns no text, or throws. */
export function stackOf(error: { readonly stack?: unknown }): string {
  try {
    const { stack } = error;
    return typeof stack === 'string' ? stack : '';
  } catch {
    return '';
  }
}

/** Gives an error a stack. The old one is deleted first: to define the property would create it, and `Error.prepareStackTrace` may throw. */
export function withStack<E extends Error>(error: E, value: string): E {
  Reflect.deleteProperty(error, 'stack');
  return Object.defineProperty(error, 'stack', { value, configurable: true, writable: true });
}

function isFailure(value: object): value is Failure {
  return 'kind' in value && 'syscall' in value;
}
