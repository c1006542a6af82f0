import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  statSync,
  unlinkSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';

/*
 * A name is durable when its directory has been written. All of this blocks, in a thread whose work it is.
 */

/**
 * Makes a directory, and those above it, if it is not there. The option `recursive` of Node.js 20 never returns where a directory
 * cannot be made in one that exists and the error is ENOENT, as in /proc.
 */
export function makeDirectory(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
    const above = dirname(path);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || existsSync(above)) throw error;
    makeDirectory(above);
    mkdirSync(path);
  }
}

/** Writes a directory's names to the disk. */
export function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } catch (error) {
    // Some filesystems cannot: then names are as durable as they are there.
    if (!['EINVAL', 'ENOTSUP', 'EPERM', 'EISDIR'].includes(String((error as NodeJS.ErrnoException).code))) throw error;
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Where a file of this path is to be: behind its symbolic links, which stay.
 *
 * @throws if something else than a regular file is there, such as a device, in whose place a file would be put.
 */
export function placeOf(path: string): string {
  const there = statSync(path, { throwIfNoEntry: false });
  if (there?.isDirectory()) throw refusal('EISDIR', path, 'is a directory. Name a file in it');
  if (there !== undefined && !there.isFile()) {
    throw refusal('EEXIST', path, 'is no regular file, but a device, a pipe or a socket. Name another file');
  }
  if (there !== undefined) return realpathSync(path);
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  return isLink ? placeOf(resolve(realpathSync(dirname(path)), readlinkSync(path))) : path;
}

function refusal(code: string, path: string, why: string): Error {
  return Object.assign(new Error(`${code}: ${path} ${why}`), { code, path });
}

/** Gives a file its name, in the place of a file that had it. @throws if something else has it. */
export function putInPlace(from: string, to: string): void {
  placeOf(to);
  renameSync(from, to);
  syncDirectory(dirname(to));
}

/** Removes a file if it is there. */
export function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** The number of a path's file; undefined if there is none. */
export function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

/** The error of a call with a descriptor, with the path that Node.js does not know then. */
export function named(error: unknown, path: string): unknown {
  const { message, syscall, path: known } = error as NodeJS.ErrnoException;
  if (syscall === undefined || known !== undefined) return error;
  return Object.assign(error as Error, { message: `${message} '${path}'`, path });
}

/** The owner and the group may read what is written: it has command lines. */
export const MODE = 0o640;
