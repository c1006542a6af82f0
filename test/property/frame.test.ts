import { readFileSync, writeFileSync } from 'node:fs';
import { loadAddon, run } from '@psutil-extra/native';
import { ALL_FIELDS, FIELDS, type FieldRow, FieldSet, Frame, type Type } from '@psutil-extra/native/protocol';
import * as fc from 'fast-check';
import { FIELDS as NAMES, type ProcessTable } from 'psutil-extra';
import { afterAll, describe, expect, test } from 'vitest';
import { Batcher } from '../../packages/client/dist/batch/batcher.js';
import { ProcessTable as Table } from '../../packages/client/dist/table/process-table.js';
import { sleeper, UNUSED_PID } from '../processes/sleeper.js';
import { bytesOf, propertyRuns } from './runs.js';

const reader = new (loadAddon().Reader)('/proc');
const other = await sleeper();
afterAll(() => other[Symbol.dispose]());

const ALL = 2 ** FIELDS.length - 1;
const pidFor = fc.constantFrom(process.pid, other.pid, UNUSED_PID, 1);

/** What a thread sends for these processes and fields, as it is sent. */
const sent = fc
  .record({
    pids: fc.array(pidFor, { maxLength: 12 }),
    fields: fc.uniqueArray(fc.nat(FIELDS.length - 1), { maxLength: 8 }),
  })
  .map(({ pids, fields }) => {
    // Beside the processes asked for one that cannot be answered with a bare number.
    const answer = run(reader, {
      op: 'pids',
      pids: Int32Array.from([...pids, process.pid]),
      fields: FieldSet.of(0, ...fields).bits,
    });
    if (!(answer instanceof ArrayBuffer)) throw new Error('expected a frame');
    return answer;
  });

/** Reads everything that a table of this frame has. */
function readAll(buffer: ArrayBuffer): unknown[] {
  const table = tableOf(new Frame(buffer));
  for (const field of table.fields) table.column(field);
  for (const pid of table.pids) for (const field of table.fields) table.error(pid, field);
  return table.toJSON();
}

function tableOf(frame: Frame): ProcessTable {
  const fields = NAMES.filter((_, field) => frame.fields.has(field));
  const make = Table as unknown as new (...parts: unknown[]) => ProcessTable;
  return new make(fields, 'procfs', [frame], { root: '/proc' });
}

const columnOf = (frame: Frame) => tableOf(frame).column('sigmasks');
const rowsOf = (frame: Frame) => tableOf(frame).toArray();

/** Reads it all, or throws a RangeError that names what is damaged; any other outcome is a fault. */
function readOrRefuse(buffer: ArrayBuffer): unknown[] | undefined {
  try {
    return readAll(buffer);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    expect(error.message).toMatch(/frame|dictionary|kind of failure|value|signal masks|half a limit/);
    return undefined;
  }
}

describe('the bytes that a thread answers with', () => {
  test('are read to the same rows, however often', () => {
    fc.assert(
      fc.property(sent, (buffer) => {
        expect(readAll(buffer)).toEqual(readAll(buffer.slice(0)));
      }),
      propertyRuns(100),
    );
  });

  test('are rejected if bytes at the end are missing or added', () => {
    fc.assert(
      fc.property(sent, fc.nat(), fc.integer({ min: 1, max: 64 }), (buffer, cut, more) => {
        expect(() => readAll(buffer.slice(0, cut % buffer.byteLength))).toThrow(/whole frame/);
        const longer = new Uint8Array(buffer.byteLength + more);
        longer.set(new Uint8Array(buffer));
        expect(() => readAll(longer.buffer)).toThrow(/whole frame/);
      }),
      propertyRuns(400),
    );
  });

  test('are rejected by name, or read to rows of the right shape, if some of them are changed', () => {
    const change = fc.record({ at: fc.nat(), value: bytesOf(4) });
    fc.assert(
      fc.property(sent, fc.array(change, { minLength: 1, maxLength: 6 }), (buffer, changes) => {
        const words = new Int32Array(buffer);
        for (const { at, value } of changes) words[at % words.length] = value;
        for (const row of readOrRefuse(buffer) ?? []) expectShape(row as Record<string, unknown>);
      }),
      propertyRuns(2000),
    );
  });

  test('are refused by name wherever their header is changed to point elsewhere', () => {
    fc.assert(
      fc.property(sent, fc.nat(HEADER_WORDS - 1), bytesOf(4), (buffer, at, value) => {
        const words = new Int32Array(buffer);
        words[at] = value;
        for (const row of readOrRefuse(buffer) ?? []) expectShape(row as Record<string, unknown>);
      }),
      propertyRuns(2000),
    );
  });

  test('are rejected by name if signal masks are cut short, in rows and in columns', () => {
    const field = FIELDS.findIndex(({ name }) => name === 'sigmasks');
    const frame = () =>
      new Frame(run(reader, { op: 'pids', pids: Int32Array.of(process.pid), fields: 1 << field }) as ArrayBuffer);
    for (const read of [columnOf, rowsOf]) {
      const cut = frame();
      // The end of the only entry in the dictionary of the only column.
      const offsets = (new Int32Array(cut.buffer)[16 + 3] as number) >> 2;
      (new Int32Array(cut.buffer)[offsets + 1] as number) -= 16;
      expect(() => read(cut)).toThrow(/signal masks of \d+ words/);
    }
  });

  test('that are random are rejected', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        expect(() => readAll(bytes.slice().buffer)).toThrow(/whole frame/);
      }),
      propertyRuns(500),
    );
  });

  test('put nothing into Object.prototype, whatever name a process has', () => {
    const before = Reflect.ownKeys(Object.prototype).length;
    for (const name of ['__proto__', 'constructor', 'toString']) {
      const [row] = readAll(frameNaming(name)) as [{ name: string }];
      expect(row.name).toBe(name);
      expect(Reflect.ownKeys(Object.prototype)).toHaveLength(before);
    }
  });

  test('reject the calls that wait for them where they are damaged, and leave none of them waiting', async () => {
    const damaged = { ok: true, value: new ArrayBuffer(64) };
    const make = Batcher as unknown as new (...parts: unknown[]) => Batcher;
    const never = { paysFor: () => false };
    const batch = new make({ chunk: 128, run: async () => damaged }, { messages: 0 }, never);
    const entry = batch.join(1, -1, ALL_FIELDS);
    await entry.chunk.done;
    expect(entry.chunk.error).toMatchObject({
      name: 'WorkerError',
      code: 'ERR_DAMAGED_REPLY',
      message: expect.stringMatching(/not a whole frame/),
    });
  });
});

/** A frame of this process while it calls itself so: names are the only texts that a process chooses. */
function frameNaming(name: string): ArrayBuffer {
  const before = readFileSync('/proc/self/comm', 'utf8');
  writeFileSync('/proc/self/comm', name);
  try {
    return run(reader, { op: 'pids', pids: Int32Array.of(process.pid), fields: ALL }) as ArrayBuffer;
  } finally {
    writeFileSync('/proc/self/comm', before);
  }
}

function expectShape({ pid, ...row }: Record<string, unknown>): void {
  expect(pid).toBeTypeOf('number');
  for (const [name, value] of Object.entries(row)) {
    const { type, view } = FIELDS.find((field) => field.name === name) as FieldRow;
    if (value !== null) expect(view === null ? isOf(type, value) : VIEWS[view]?.(value), name).toBe(true);
  }
}

function isOf(type: Type, value: unknown): boolean {
  switch (type.kind) {
    case 'enum':
    case 'text':
      return typeof value === 'string';
    case 'list':
      return Array.isArray(value) && value.every((item) => isOf(type.item, item));
    case 'struct':
      return type.members.every(({ name, optional, type: member }) => {
        const found = (value as Record<string, unknown>)[name];
        return (optional && found === undefined) || isOf(member, found);
      });
    case 'bool':
      return typeof value === 'boolean';
    default:
      return number(value);
  }
}

const number = (value: unknown) => typeof value === 'number';
const VIEWS: Record<string, (value: unknown) => boolean> = {
  time: number,
  signalMasks: (value) => typeof value === 'object',
  capabilities: (value) => Object.values(value as object).every((set) => set instanceof Set),
  environ: (value) => Object.values(value as object).every((text) => typeof text === 'string'),
  connections: Array.isArray,
  memoryMaps: Array.isArray,
  limits: (value) => Object.values(value as object).every(({ soft, hard }) => number(soft) && number(hard)),
};
/** The header, and the directory of a column for most fields. */
const HEADER_WORDS = 16 + FIELDS.length * 6;
