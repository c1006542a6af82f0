import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { NoMorePlaces, Slots } from '../../packages/nats/dist/slots.js';

/** Whether each has a place by now. */
async function given(...places: Promise<unknown>[]): Promise<boolean[]> {
  const waits = Symbol('waits');
  return Promise.all(places.map(async (place) => (await Promise.race([place, soon(waits)])) !== waits));
}

async function soon<T>(value: T): Promise<T> {
  await turn();
  return value;
}

describe('places', () => {
  it('are given in the order in which they were wanted, as many as there are', async () => {
    const slots = new Slots(2);
    const [first, second] = [await slots.acquire(), await slots.acquire()];
    const [third, fourth] = [slots.acquire(), slots.acquire()];
    expect(await given(third, fourth)).toEqual([false, false]);
    first.release();
    first.release();
    expect(await given(third, fourth)).toEqual([true, false]);
    second.release();
    expect(await given(fourth)).toEqual([true]);
  });

  it('of those who say nothing go to others, up to four times as many', async () => {
    const slots = new Slots(1);
    const late = [];
    for (let index = 0; index < 4; index++) {
      const slot = await slots.acquire();
      slot.late();
      late.push(slot);
    }
    const last = await slots.acquire();
    last.late();
    const waiting = slots.acquire();
    expect(await given(waiting)).toEqual([false]);
    // It keeps its place, because too many are late: one of them that ends gives none back.
    late[0]?.release();
    expect(await given(waiting)).toEqual([false]);
    last.late();
    expect(await given(waiting)).toEqual([true]);
  });

  it('are refused to all who wait when no more are given', async () => {
    const slots = new Slots(1);
    await slots.acquire();
    const waiting = slots.acquire();
    slots.close();
    await expect(waiting).rejects.toBeInstanceOf(NoMorePlaces);
    await expect(slots.acquire()).rejects.toBeInstanceOf(NoMorePlaces);
  });
});
