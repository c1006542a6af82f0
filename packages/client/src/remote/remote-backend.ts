import { setMaxListeners } from 'node:events';
import { ANY_START, FailureKind, ReadFlag } from '@psutil-extra/native/protocol';
import type {
  AnswerOf,
  ReadRequest,
  Reply,
  Request,
  ScanRequest,
  UrgentRequest,
  WireError,
} from '@psutil-extra/worker';
import { tracedRead } from '../observe/tracing.js';
import { abortable, firstAbort } from '../support/abort.js';
import type { Origin } from '../support/capabilities.js';
import { WorkerError } from '../support/errors.js';
import type { Backend } from '../threads/backend.js';
import type { Home } from '../threads/home.js';
import type { AnswerRecord } from './answer-records.js';
import { type Answers, HostError } from './answers.js';
import type { HostDescription } from './description.js';
import { encodeRequest, type RemoteRead, type RemoteRequest, type RemoteScan } from './request-codec.js';
import { Turnstile } from './turnstile.js';

/** How requests reach another machine, by whatever transport. */
export interface RemoteConnection {
  /** What the machine's responder says of itself. */
  readonly description: HostDescription;
  /**
   * Sends a request, and yields the parts of its answer in their order. After the last part no other is asked for. What it throws
   * becomes the error of the calls that wait for the answer. A deadline is its own affair: a call waits as long as it does.
   */
  request(message: Uint8Array, options: { readonly signal: AbortSignal | undefined }): AsyncIterable<Uint8Array>;
}

/** @internal Asks another machine instead of threads. Nothing rejects. */
export class RemoteBackend implements Backend {
  readonly threads = 2;
  readonly #request: RemoteConnection['request'];
  readonly #answers: Answers;
  readonly #origin: Origin;
  readonly #closing = new AbortController();
  readonly #turnstile = new Turnstile(AT_ONCE);

  constructor(request: RemoteConnection['request'], answers: Answers, origin: Origin) {
    this.#request = request;
    this.#answers = answers;
    this.#origin = origin;
    setMaxListeners(0, this.#closing.signal);
  }

  run<R extends Request>(request: R, _?: Home, signal?: AbortSignal): Promise<Reply<AnswerOf[R['op']]>> {
    const asked = this.#answer(request, signal) as Promise<Reply<AnswerOf[R['op']]>>;
    return tracedRead(request, asked, this.#origin);
  }

  runUrgent<R extends UrgentRequest>(request: R, _?: Home, signal?: AbortSignal): Promise<Reply<AnswerOf[R['op']]>> {
    return this.run(request, undefined, signal);
  }

  async destroy(): Promise<void> {
    this.#closing.abort(new Error('the client is closed'));
  }

  async #answer(request: Request, signal: AbortSignal | undefined): Promise<Reply<unknown>> {
    await this.#turnstile.enter();
    try {
      return { ok: true, value: await this.#ask(request, signal) };
    } catch (error) {
      return { ok: false, error: this.#wireError(error) };
    } finally {
      this.#turnstile.leave();
    }
  }

  async #ask(request: Request, signal: AbortSignal | undefined): Promise<unknown> {
    const answers = this.#answers;
    switch (request.op) {
      case 'read': {
        const asked = readOf(request);
        return answers.read(await this.#records(asked, signal), asked);
      }
      case 'scan': {
        const asked = scanOf(request);
        return answers.scan(await this.#records(asked, signal), asked);
      }
      case 'list': {
        const asked = { op: 'list', cursor: request.cursor, max: request.max } as const;
        return answers.list(await this.#records(asked, signal), asked);
      }
      case 'act': {
        const { pid, start, action } = request;
        const asked = { op: 'act', pid, start, kind: action.kind, arguments: action.arguments } as const;
        // Of one caller alone, unlike a read: it need not be done once that caller has left.
        return answers.act(await this.#records(asked, signal), asked);
      }
      case 'boot':
        return answers.boot(await this.#records({ op: 'boot' }, signal));
      default:
        throw new HostError(NOT_ASKED);
    }
  }

  /** Sends a request, and reads its answer up to the last part. */
  async #records(request: RemoteRequest, signal: AbortSignal | undefined): Promise<AnswerRecord[]> {
    const closing = this.#closing.signal;
    if (signal === undefined) return this.#received(request, closing);
    const { signal: either, leave: ignore } = firstAbort(closing, signal);
    try {
      return await this.#received(request, either);
    } finally {
      ignore();
    }
  }

  async #received(request: RemoteRequest, signal: AbortSignal): Promise<AnswerRecord[]> {
    signal.throwIfAborted();
    const reader = this.#answers.parts(request.op);
    let iterator: AsyncIterator<Uint8Array> | undefined;
    try {
      iterator = this.#request(encodeRequest(request), { signal })[Symbol.asyncIterator]();
      while (!reader.isWhole) {
        const { done, value } = await abortable(Promise.resolve(iterator.next()), signal);
        if (done === true) throw this.#answers.damaged('it ends before its last part');
        reader.take(value);
      }
      return reader.records();
    } finally {
      void leave(iterator);
    }
  }

  #wireError(error: unknown): WireError {
    if (error instanceof HostError) return error.wire;
    if (this.#closing.signal.aborted) return { ...CLOSED, cause: error };
    if (error instanceof WorkerError) {
      const { name, message, code } = error;
      return { name, message, code, stack: '' };
    }
    // Of the transport.
    const { name, message, code } = Object(error) as { name?: unknown; message?: unknown; code?: unknown };
    return {
      name: String(name),
      message: `${this.#origin.machine?.name}: ${typeof message === 'string' ? message : String(error)}`,
      code: typeof code === 'string' ? code : 'ERR_REMOTE',
      stack: '',
      cause: error,
    };
  }
}

/** Lets the transport end: no more is read. */
async function leave(iterator: AsyncIterator<unknown> | undefined): Promise<void> {
  try {
    await iterator?.return?.();
  } catch {
    // The call has its answer, or its error.
  }
}

function readOf({ fields, flags, pids, starts, sets, setOf }: ReadRequest): RemoteRead {
  const whole = (flags & ReadFlag.wholeSources) !== 0;
  const each = typeof pids === 'number' ? Int32Array.of(pids) : pids;
  const required = typeof starts === 'number' ? Float64Array.of(starts) : starts;
  const isAny = required?.every((start) => start === ANY_START) === true;
  return { op: 'read', fields, whole, pids: each, starts: isAny ? undefined : required, sets, setOf };
}

/** Without PIDs it is of every process. */
function scanOf({ fields, flags, pids, starts }: ScanRequest): RemoteScan {
  return { op: 'scan', fields, sampled: (flags & ReadFlag.sampled) !== 0, pids, starts };
}

const NOT_ASKED: WireError = {
  failure: {
    kind: FailureKind.unsupported,
    errno: 0,
    code: 'ENOTSUP',
    syscall: 'request',
    about: 'it is not done on another machine',
  },
};
const CLOSED = { name: 'Error', message: 'the client is closed', code: 'ERR_WORKER_DIED', stack: '' };
/** A host refuses more than some hundreds of all its clients together. */
const AT_ONCE = 32;
