import { stackOf } from '@psutil-extra/worker';
import { whyMissing } from '../support/capabilities.js';

/** The reply to a request whose thread has ended, or could not be started. */
export function threadDied(cause: Error): {
  ok: false;
  error: { name: string; message: string; code: string; stack: string };
} {
  const { code, message } = whyNoThread(cause);
  return { ok: false, error: { name: cause.name, message, code, stack: stackOf(cause) } };
}

/** A code, what happened, and what to do. */
function whyNoThread(cause: Error): { readonly code: string; readonly message: string } {
  const { code, permission, syscall } = cause as { code?: unknown; permission?: unknown; syscall?: unknown };
  if (code === 'ERR_ACCESS_DENIED' && permission === 'WorkerThreads') return { code, message: notAllowed() };
  if (syscall === 'uv_cwd') {
    return {
      code: 'ERR_WORKER_DIED',
      message: `no thread could be started (${cause.message}): the working directory of this program has been removed, and Node starts none in such a one; change to another with process.chdir()`,
    };
  }
  return {
    code: 'ERR_WORKER_DIED',
    message:
      code === 'ERR_WORKER_INIT_FAILED'
        ? `no thread could be started (${cause.message}): the limit of threads or of memory is reached; another is tried with the next call`
        : `the thread that worked on this has ended (${cause.message}); another takes its place, so the call may be made again`,
  };
}

/** Names both flags if both are missing: with the first alone, the next start would end at the second. */
function notAllowed(): string {
  const addons = (whyMissing() as { cause?: { code?: unknown } } | undefined)?.cause?.code === 'ERR_DLOPEN_DISABLED';
  const flags = addons ? '--allow-worker and --allow-addons were' : '--allow-worker was';
  return `no thread could be started: Node's permission model is on, and ${flags} not given: start Node with ${addons ? 'them' : 'it'}`;
}
