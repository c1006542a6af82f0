import type { ThreadError } from '../requests.js';

/** What an error has, for another thread. */
export function plainError(error: unknown): ThreadError {
  const { message, code, errno, syscall, path } = Object(error) as Partial<NodeJS.ErrnoException>;
  return { message: message ?? String(error), code, errno, syscall, path };
}

/** The error again. */
export function errorOf({ message, ...rest }: ThreadError): Error {
  return Object.assign(new Error(message), rest);
}
