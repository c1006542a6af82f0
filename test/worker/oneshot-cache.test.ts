import { ANY_START, cacheableFields, FIELD_INDEX, FieldSet, Frame } from '@psutil-extra/native/protocol';
import { expect, test } from 'vitest';
import { OneshotCache } from '../../packages/worker/dist/oneshot-cache.js';
import { sleeper, UNUSED_PID } from '../processes/sleeper.js';
import { CountingReader } from './counting-reader.js';

const UMASK = 1 << FIELD_INDEX.umask;
const GROUPS = 1 << FIELD_INDEX.groups;
const LIMITS = 1 << FIELD_INDEX.rlimits;

/** A cache, and a request of its scope 1 for this process. */
function cacheOf(pid: number = process.pid) {
  const reader = new CountingReader();
  const cache = new OneshotCache(reader);
  const read = (fields: number, scope = 1, closed: number[] = []) =>
    cache.read({ scope, pid, start: ANY_START, fields, closed });
  return { reader, cache, read };
}

test('what a source holds besides the field that was asked for is kept', () => {
  const { reader, read } = cacheOf();
  read(UMASK);
  read(GROUPS);
  expect(reader.reads).toBe(1);
});

test('a field of another source is read when it is asked for', () => {
  const { reader, read } = cacheOf();
  read(UMASK);
  read(LIMITS | UMASK);
  expect(reader.reads).toBe(2);
});

test('the parts of an answer hold every field asked for, each in one of them', () => {
  const { read } = cacheOf();
  read(UMASK);
  const parts = read(UMASK | GROUPS | LIMITS);
  for (const field of [UMASK, GROUPS, LIMITS]) {
    expect(parts.filter((part) => (part.fields & field) !== 0)).toHaveLength(1);
  }
});

test('a cached field is returned though the process has ended', async () => {
  const spawned = await sleeper();
  const { read } = cacheOf(spawned.pid);
  const umask = () => {
    const part = read(UMASK).find(({ fields }) => (fields & UMASK) !== 0);
    return part && new Frame(part.buffer).column(FIELD_INDEX.umask).value(0);
  };
  const before = umask();
  await spawned.end();
  expect(umask()).toBe(before);
});

test('scopes do not see each other’s reads', () => {
  const { reader, read } = cacheOf();
  read(UMASK, 1);
  read(UMASK, 2);
  expect(reader.reads).toBe(2);
});

test('a scope that has ended is forgotten', () => {
  const { reader, cache, read } = cacheOf();
  read(UMASK, 1);
  read(UMASK, 2, [1]);
  expect(cache.size).toBe(1);
  read(UMASK, 1);
  expect(reader.reads).toBe(3);
});

test('fields that are forgotten are read again, and no others are', () => {
  const { reader, cache, read } = cacheOf();
  read(UMASK | LIMITS);
  cache.forget(1, FieldSet.fromBits(LIMITS));
  read(UMASK);
  expect(reader.reads).toBe(1);
  read(LIMITS);
  expect(reader.reads).toBe(2);
});

test('that a process is gone is an answer to every field', () => {
  const { reader, read } = cacheOf(UNUSED_PID);
  read(UMASK);
  read(LIMITS);
  expect(reader.reads).toBe(1);
});

test('cacheableFields of a read that succeeded are all of its fields', () => {
  const [part] = cacheOf().read(UMASK);
  const frame = new Frame(part?.buffer as ArrayBuffer);
  expect(cacheableFields(frame, 0)).toBe(frame.fields);
});

test('a request that closes its own scope and asks for nothing leaves nothing behind', () => {
  const { cache, read } = cacheOf();
  read(UMASK);
  read(0, 1, [1]);
  expect(cache.size).toBe(0);
});
