import type { MessagePort } from 'node:worker_threads';

/**
 * A task's result whose buffers and ports change hands, as piscina's `move` makes one. Not by that function: it marks a
 * result by a symbol of its own copy of piscina, and an application may have another version beside the one that runs
 * this thread, so that the copy which is found from here need not be that one. Whichever asks for its mark finds it.
 */
export function transferred(value: unknown, transfer: readonly (ArrayBuffer | MessagePort)[]): object {
  return Object.create(MARKED, { [TRANSFER]: { value: transfer }, [VALUE]: { value } });
}

/** These two are the same in all copies. */
const TRANSFER = Symbol.for('Piscina.transferable');
const VALUE = Symbol.for('Piscina.valueOf');

const MARKED: object = new Proxy(Object.freeze({}), {
  get: (_, key) => (typeof key === 'symbol' && key.description === 'Piscina.kMovable' ? true : undefined),
});
