import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs';
import { basename, dirname } from 'node:path';
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

  /** @throws if a recorder that lives has it. */
  static take(path: string, interval: number): Lock {
    const owner = thisOwner(interval);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (create(path, owner)) return new Lock(path, owner);
      const holder = holderOf(path);
      // It may have been removed meanwhile.
      if (holder === null) continue;
      if (isAlive(holder, path, clockOf(path, owner))) throw heldBy(path, holder);
      takeAway(path, holder, owner);
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

/** The time by the clock that stamps files there, which may be another machine's. */
function clockOf(path: string, { id }: Owner): number {
  const probe = `${path}.${id}`;
  closeSync(openSync(probe, 'wx', MODE));
  const { mtimeMs } = statSync(probe);
  remove(probe);
  return mtimeMs;
}

/** Removes the lock of a dead holder, but not one that a third recorder has taken meanwhile. */
function takeAway(path: string, dead: Owner | undefined, { id }: Owner): void {
  const aside = `${path}.${id}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (holderOf(aside)?.id === dead?.id) remove(aside);
  else if (!existsSync(path)) renameSync(aside, path);
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
