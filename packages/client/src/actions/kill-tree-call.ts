import { ANY_START, IDENTIFY } from '@psutil-extra/native/protocol';
import type { CallRunner } from '../calls/call-runner.js';
import type { Identities } from '../schema/identity.js';
import { ProcessRef } from '../schema/process-ref.js';
import { sentSignal } from '../schema/signals.js';
import { firstAbort } from '../support/abort.js';
import { invalidType, outOfRange } from '../support/arguments.js';
import { type CallOptions, readKillTreeOptions } from '../support/call-options.js';
import { ClientClosedError, notSupported } from '../support/errors.js';
import { type KilledProcess, TreeKill } from './tree-kill.js';
import type { TreeKillParts } from './tree-kill-parts.js';

/** Options of `killTree()`. */
export interface KillTreeOptions extends CallOptions {
  /** The signal that ends the processes, by its name or number. Default `'SIGTERM'`. */
  readonly killSignal?: string | number | undefined;
  /** Milliseconds until what is left gets `SIGKILL`. Default 5000. */
  readonly grace?: number | undefined;
}

/** @internal Ends a process and its descendants. */
export class KillTreeCall {
  readonly #runner: CallRunner;
  readonly #identities: Identities;
  readonly #parts: TreeKillParts;
  readonly #running = new Set<AbortController>();

  constructor(runner: CallRunner, identities: Identities, parts: TreeKillParts) {
    this.#runner = runner;
    this.#identities = identities;
    this.#parts = parts;
  }

  killTree(proc: unknown, options: KillTreeOptions | undefined): Promise<KilledProcess[]> {
    return this.#runner.run('killTree', proc, options, readKillTreeOptions, async (read) => {
      const { signal, killSignal = 'SIGTERM', grace = GRACE_MS } = read;
      const pid = ProcessRef.pidOf(proc);
      const start = ProcessRef.startOf(proc);
      const number = sentSignal('options.killSignal', killSignal);
      if (number === 0) throw outOfRange('options.killSignal', 'a signal that ends processes', killSignal);
      if (typeof grace !== 'number') throw invalidType('options.grace', 'of type number', grace);
      if (!(grace >= 0 && grace <= MAX_MS)) throw outOfRange('options.grace', `>= 0 and <= ${MAX_MS}`, grace);
      const { refusal } = this.#parts;
      if (refusal !== undefined) throw notSupported(pid, 'killTree', refusal.why, refusal.origin);
      const root = await this.#identities.find(pid, start === ANY_START ? IDENTIFY : start, signal);
      const closing = new AbortController();
      const ending = signal === undefined ? undefined : firstAbort(signal, closing.signal);
      this.#running.add(closing);
      try {
        return await new TreeKill(this.#parts, root, ending?.signal ?? closing.signal).run(number, grace);
      } finally {
        ending?.leave();
        this.#running.delete(closing);
      }
    });
  }

  /** Ends all that are under way: they let processes run on that they have stopped. */
  close(): void {
    for (const each of this.#running) each.abort(new ClientClosedError());
  }
}

const GRACE_MS = 5000;
/** The longest that a timer takes. */
const MAX_MS = 2 ** 31 - 1;
