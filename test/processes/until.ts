import { setTimeout as pause } from 'node:timers/promises';

/** Waits until a condition holds and resolves with what it gave; fails, naming the condition, after {@link DEADLINE}. */
export async function until<T>(what: string, condition: () => T | Promise<T>): Promise<NonNullable<T>> {
  const deadline = Date.now() + DEADLINE;
  let wait = 1;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== null && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`waited ${DEADLINE} ms in vain until ${what}`);
    await pause(wait);
    wait = Math.min(wait * 2, 50);
  }
}

/**
 * Milliseconds: far more than any of this takes, for a machine that has much else to do. A program under a sanitizer has
 * so much memory mapped that it takes tens of milliseconds to start another.
 */
const DEADLINE = Number(process.env['PSUTIL_EXTRA_PATIENCE'] ?? 25_000);
