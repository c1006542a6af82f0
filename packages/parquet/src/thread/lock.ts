import { closeSync, existsSync, openSync, readdirSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { MODE, remove } from './durable.js';
import { isAlive, type Owner, staleAfter, thisOwner } from './owner.js';

/** That one recorder writes the files of a host in a directory. What it leaves when it is killed is taken over. */
export class Lock {
  readonly #path: string;
  readonly #owner: Owner;

  private constructor(path: string, owner: Owner) {
    this.#path = path;
    this.#owner = owner;
  }

  /**
   * @param id that of this thread, by which its locks can be found if it dies.
   * @throws if a recorder that lives has it.
   */
  static take(path: string, interval: number, id: string): Lock {
    const owner = thisOwner(interval, id);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (create(path, owner)) {
        removeAttempts(path, owner);
        return new Lock(path, owner);
      }
      const holder = holderOf(path);
      // It may have been removed meanwhile.
      if (holder === null) continue;
      attemptAt(path, holder, owner);
    }
    throw new Error(`${path} is taken and removed again and again`);
  }

  /** Shows others that this recorder lives. @throws if the lock was removed, or is another's. */
  touch(): void {
    if (holderOf(this.#path)?.id !== this.#owner.id) {
      throw Object.assign(new Error(`ENOENT: the lock ${this.#path} was removed, or another recorder has it`), {
        code: 'ENOENT',
        path: this.#path,
      });
    }
    // Written, so that the filesystem's clock stamps it, which may be that of another machine.
    const descriptor = openSync(this.#path, 'r+');
    try {
      writeSync(descriptor, JSON.stringify(this.#owner), 0);
    } finally {
      closeSync(descriptor);
    }
  }

  release(): void {
    if (holderOf(this.#path)?.id === this.#owner.id) remove(this.#path);
  }
}

/** Whether this process has created the lock. */
function create(path: string, owner: Owner): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'wx', MODE);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  try {
    writeSync(descriptor, JSON.stringify(owner));
  } catch (error) {
    remove(path);
    throw error;
  } finally {
    closeSync(descriptor);
  }
  return true;
}

/** Who has a lock; undefined if it has not been written yet, null if there is none. */
function holderOf(path: string): Owner | undefined | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Owner;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : undefined;
  }
}

/**
 * Removes a lock if its holder is dead. Meanwhile there is a file that says who attempts it. The clock that stamps files
 * there, which may be another machine's, stamps it too.
 *
 * @throws if the holder lives.
 */
function attemptAt(path: string, holder: Owner | undefined, owner: Owner): void {
  const attempt = `${path}.${owner.id}`;
  create(attempt, owner);
  try {
    if (isAlive(holder, owner, path, statSync(attempt).mtimeMs)) throw heldBy(path, holder);
    takeAway(path, holder, `${attempt}${ASIDE}`);
  } finally {
    remove(attempt);
  }
}

/** Removes the lock of a dead holder, but not one that a third recorder has taken meanwhile. */
function takeAway(path: string, dead: Owner | undefined, aside: string): void {
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (holderOf(aside)?.id === dead?.id) remove(aside);
  else if (!existsSync(path)) renameSync(aside, path);
}

/** Removes what those have left that were killed while they attempted to take this lock, which its owner now has. */
function removeAttempts(path: string, owner: Owner): void {
  const before = `${basename(path)}.`;
  try {
    const now = statSync(path).mtimeMs;
    for (const name of readdirSync(dirname(path))) {
      if (!name.startsWith(before) || !ATTEMPT.test(name.slice(before.length))) continue;
      const attempt = join(dirname(path), name.slice(0, before.length + UUID_LENGTH));
      // It stands until what it has put aside is removed or put back.
      const holder = holderOf(attempt);
      if (holder !== null && isAlive(holder, owner, attempt, now)) continue;
      remove(`${attempt}${ASIDE}`);
      remove(attempt);
    }
  } catch {
    // They are only in the way of the eye, and may be another user's.
  }
}

/** Removes the locks that a thread has left in a directory, and its attempts at others, when it has died. */
export function releaseAll(directory: string, id: string): void {
  try {
    for (const name of readdirSync(directory)) {
      const path = join(directory, name);
      const isLock = name.startsWith('.') && name.endsWith('.recorder');
      const isAttempt = name.endsWith(`.recorder.${id}`);
      if (isAttempt || (isLock && holderOf(path)?.id === id)) remove(path);
    }
  } catch {
    // The directory is gone, and its locks with it; or it cannot be written any more, and what the thread died of says more.
  }
}

function heldBy(path: string, holder: Owner | undefined): Error {
  const host = decodeURIComponent(basename(path).slice(1, -'.recorder'.length));
  const who = holder === undefined ? 'another recorder' : `process ${holder.pid} of ${holder.machine}`;
  const wait = Math.ceil(staleAfter(holder) / 1000);
  return Object.assign(
    new Error(
      `EEXIST: ${who} records ${host} into ${dirname(path)} already. Choose another host or directory; if it has died in another container or on another machine, its lock ${path} is void ${wait} s after its last reading`,
    ),
    { code: 'EEXIST', path },
  );
}

const ATTEMPTS = 5;
const UUID_LENGTH = 36;
const ASIDE = '.old';
/** What the name of an attempt has behind that of the lock: a host's name may have a point too. */
const ATTEMPT = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:\.old)?$/;
