import type { FastifyInstance } from 'fastify';
import {
  AccessDeniedError,
  ClientClosedError,
  NoSuchProcessError,
  NotSupportedError,
  QueueFullError,
  WorkerError,
} from 'psutil-extra';

/** Answers with 4xx or 5xx, depending on the cause, and with the error's message, which says what to do. */
export function failureHandler(app: FastifyInstance): void {
  app.setErrorHandler<Error & { code?: string; statusCode?: number }>((error, request, reply) => {
    const status = statusOf(error);
    if (status >= 500) request.log.error(error);
    if (status === 503) reply.header('retry-after', '1');
    return reply.code(status).send({ error: error.code ?? error.name, message: error.message });
  });
}

function statusOf(error: Error & { code?: string; statusCode?: number }): number {
  if (error instanceof NoSuchProcessError) return 404;
  if (error instanceof AccessDeniedError) return 403;
  if (error instanceof NotSupportedError) return 501;
  if (error instanceof QueueFullError || error instanceof ClientClosedError || error instanceof WorkerError) return 503;
  // Node's own codes for bad arguments, which the client's errors have.
  if (/^ERR_(INVALID_ARG|OUT_OF_RANGE)/.test(error.code ?? '')) return 400;
  return error.statusCode ?? 500;
}
