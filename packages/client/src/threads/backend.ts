import type {
  AnswerOf,
  Reply,
  Request,
  ScopedAct,
  ScopedAnswer,
  ScopedRead,
  UrgentRequest,
} from '@psutil-extra/worker';
import type { Home } from './home.js';

/** What answers the requests of a client: the threads of this program, or another machine. Nothing rejects. */
export interface Backend {
  /** How many requests it works on at the same time. */
  readonly threads: number;
  /** The requests that have a `home` go to one thread. Another machine need not go on with what `signal` aborts. */
  run<R extends Request>(request: R, home?: Home, signal?: AbortSignal): Promise<Reply<AnswerOf[R['op']]>>;
  /** As {@link run}, past what is in bulk. */
  runUrgent<R extends UrgentRequest>(request: R, home?: Home, signal?: AbortSignal): Promise<Reply<AnswerOf[R['op']]>>;
  destroy(): Promise<void>;
}

/** Where oneshot scopes read and act after their first read. */
export interface ScopePort {
  /** Open scopes. */
  scopes: number;
  readonly dead: boolean;
  read(request: Omit<ScopedRead, 'closed'>): Promise<Reply<ScopedAnswer>>;
  /** Another machine need not do what `signal` aborts before it is sent. */
  act(request: Omit<ScopedAct, 'closed'>, signal?: AbortSignal): Promise<Reply<BigUint64Array>>;
  /** A scope has ended. */
  end(scope: number): void;
}

export interface ScopePorts {
  /** The port for another scope, or why there is none. */
  pick(): Promise<Reply<ScopePort>>;
  close(): void;
}
