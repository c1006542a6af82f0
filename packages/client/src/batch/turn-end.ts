import { afterMicrotasks, setImmediate } from '../support/timers.js';

/**
 * Runs `send` when all requests of this turn of the event loop have been made.
 *
 * The turn ends with a `process.nextTick` queued from a microtask. Callers that one event has resumed, each several awaits
 * deep, run in the microtasks between. Waiting for those microtasks catches all of them and costs nothing; waiting for the
 * next phase of the loop would cost a millisecond.
 *
 * Microtasks and ticks run after each callback, so the requests of sixteen sockets that are read in one turn of the loop would
 * be sixteen messages. While `answerIsDue`, the requests of the whole turn go into one message.
 */
export function atTurnEnd(send: () => void, answerIsDue: boolean): void {
  if (answerIsDue) setImmediate(send);
  else afterMicrotasks(send);
}
