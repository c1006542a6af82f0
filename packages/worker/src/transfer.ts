import type { MessagePort } from 'node:worker_threads';

/**
 * A task's result whose buffers and ports are transferred, as piscina's `move` returns one. That function is not used: it
 * marks a result with a symbol of its own copy of piscina, and an application may have another version beside the one that
 * runs this thread, so that an import from here may find the wrong copy. This result has the mark of every copy.
 */
export function transferred(value: unknown, transfer: readonly (ArrayBuffer | MessagePort)[]): object {
  return new Transferred(value, transfer);
}

/** Large answers are transferred; to copy a small one is faster. */
export const MIN_MOVED = 4096;

/** These two are the same in all copies. */
const TRANSFER = Symbol.for('Piscina.transferable');
const VALUE = Symbol.for('Piscina.valueOf');

/** A class, because a new object with a proxy as its prototype takes ten times as long to create. */
class Transferred {
  readonly [TRANSFER]: readonly (ArrayBuffer | MessagePort)[];
  readonly [VALUE]: unknown;

  constructor(value: unknown, transfer: readonly (ArrayBuffer | MessagePort)[]) {
    this[TRANSFER] = transfer;
    this[VALUE] = value;
  }
}

const MARKED: object = new Proxy(Object.freeze({}), {
  get: (_, key) => (typeof key === 'symbol' && key.description === 'Piscina.kMovable' ? true : undefined),
});
Object.setPrototypeOf(Transferred.prototype, MARKED);
