import { type Failure, FailureKind } from '@psutil-extra/native/protocol';
import type { EventRefusal } from '@psutil-extra/worker';
import type { Origin } from '../support/capabilities.js';
import { capabilities, whyMissing } from '../support/capabilities.js';
import { notSupported, processError } from '../support/errors.js';

/** Why the kernel's events are not even tried; `undefined` if they are. */
export function whyNoEvents({ isOwnRoot, origin }: EventOrigin): Error | undefined {
  if (origin.machine !== undefined) {
    return notSupported(0, 'events', `the events of another machine's kernel are not sent; ${INSTEAD}`, origin);
  }
  // Without the addon the thread says why.
  if (whyMissing() === undefined && capabilities().eventSources.length === 0) {
    return notSupported(0, 'events', `this system reports no events of processes; ${INSTEAD}`);
  }
  if (isOwnRoot) return undefined;
  return notSupported(0, 'events', `the kernel reports events only of its own /proc; ${INSTEAD}`);
}

/** The error where no source of events works. It says what each lacks; its class is that of the one that could be helped. */
export function refusedEvents(refusals: readonly EventRefusal[], origin: Origin): Error {
  const tried = refusals.filter((refusal): refusal is Tried => refusal.failure !== null);
  const [first] = tried.toSorted((a, b) => rank(a.failure) - rank(b.failure));
  if (first === undefined) return notSupported(0, 'events', `no source of events may be used; ${INSTEAD}`);
  const reasons = tried.map(({ source, failure }) => `${source}: ${failure.about || failure.code}`);
  return processError({ ...first.failure, about: [...reasons, INSTEAD].join('; ') }, 0, 'events', origin);
}

interface EventOrigin {
  readonly isOwnRoot: boolean;
  readonly origin: Origin;
}

interface Tried extends EventRefusal {
  readonly failure: Failure;
}

/** What passes by itself first, then what may be granted. */
function rank({ kind }: Failure): number {
  if (kind === FailureKind.system) return 0;
  return kind === FailureKind.denied ? 1 : 2;
}

const INSTEAD = 'with { poll: ms } listings are compared instead';
