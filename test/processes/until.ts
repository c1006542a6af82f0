import { setTimeout as pause } from 'node:timers/promises';

/** Waits until a condition holds and resolves with what it gave; fails, naming the condition, after ten seconds. */
export async function until<T>(what: string, condition: () => T | Promise<T>): Promise<NonNullable<T>> {
  const deadline = Date.now() + DEADLINE;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== null && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`waited ${DEADLINE} ms in vain until ${what}`);
    await pause(2);
  }
}

const DEADLINE = 10_000;
