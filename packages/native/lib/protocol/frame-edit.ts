import type { Failure } from './failure.js';
import type { FieldSet } from './field-set.js';
import { ENCODING, FAILURE_WORDS, type Frame, HEADER_BYTES, WHOLE_ROW, WORD } from './frame.js';
import { dictionaryBytes, ENTRY_WORDS } from './frame-column.js';
import { FIELDS } from './schema.js';

/** Makes a frame the whole answer about so many requested PIDs: none is to be read again, and none is left. */
export function settle({ buffer }: Frame, taken: number): void {
  const words = new Int32Array(buffer, 0, buffer.byteLength >> 2);
  words[WORD.taken] = taken;
  words[WORD.next] = -1;
  words[WORD.full] = 0;
}

/**
 * The same frame with columns of fields that were not read, in which every row has this failure in place of a value; a row that
 * has failed as a whole keeps that failure. The fields have values of any length.
 */
export function withColumns(frame: Frame, fields: FieldSet, failure: Failure): ArrayBuffer {
  const old = new Int32Array(frame.buffer, 0, frame.buffer.byteLength >> 2);
  const added = fields.difference(frame.fields).positions;
  const columns = old[WORD.columns] as number;
  const shift = added.length * ENTRY_WORDS * 4;
  const end = align(frame.buffer.byteLength) + shift;
  const { records, texts } = failuresWith(frame, added, failure);
  const bitmap = align((frame.rows + 7) >> 3);
  const each = bitmap + align(frame.rows * 4) + dictionaryBytes(0);
  const failuresAt = end + added.length * each;
  const textsAt = failuresAt + align(records.byteLength);
  const bytes = align(textsAt + texts.byteLength);
  const made = new ArrayBuffer(bytes);
  const words = new Int32Array(made);
  const block = new Uint8Array(made);
  words.set(old.subarray(0, HEADER_BYTES >> 2));
  const entriesEnd = (HEADER_BYTES >> 2) + columns * ENTRY_WORDS;
  block.set(new Uint8Array(frame.buffer, entriesEnd * 4), entriesEnd * 4 + shift);
  let at = HEADER_BYTES >> 2;
  const add = (field: number) => {
    const begin = end + added.indexOf(field) * each;
    words.set(
      [field | (ENCODING.dictionary << 16), begin, begin + bitmap, begin + each - dictionaryBytes(0), 0, 0],
      at,
    );
    at += ENTRY_WORDS;
  };
  let next = 0;
  for (let entry = HEADER_BYTES >> 2; entry < entriesEnd; entry += ENTRY_WORDS) {
    const field = (old[entry] as number) & 0xff;
    while (next < added.length && (added[next] as number) < field) add(added[next++] as number);
    words.set(old.subarray(entry, entry + ENTRY_WORDS), at);
    for (let offset = at + 1; offset <= at + 3; offset++) if (words[offset] !== 0) (words[offset] as number) += shift;
    at += ENTRY_WORDS;
  }
  while (next < added.length) add(added[next++] as number);
  words[WORD.bytes] = bytes;
  words[WORD.columns] = columns + added.length;
  for (const word of [WORD.pids, WORD.clock, WORD.time]) if (words[word] !== 0) (words[word] as number) += shift;
  words[WORD.failures] = records.length / FAILURE_WORDS;
  words[WORD.failureOffset] = failuresAt;
  words[WORD.textOffset] = textsAt;
  words[WORD.textLength] = texts.byteLength;
  words.set(records, failuresAt >> 2);
  block.set(texts, textsAt);
  return made;
}

function failuresWith(
  { buffer, rows }: Frame,
  fields: readonly number[],
  { kind, errno, code, syscall }: Failure,
): { records: Int32Array; texts: Uint8Array } {
  const words = new Int32Array(buffer, 0, buffer.byteLength >> 2);
  const before = new Uint8Array(buffer, words[WORD.textOffset], words[WORD.textLength]);
  const names = before.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 1);
  const old = words
    .subarray((words[WORD.failureOffset] as number) >> 2)
    .subarray(0, (words[WORD.failures] as number) * FAILURE_WORDS);
  const records: number[] = [];
  let next = 0;
  for (let row = 0; row < rows; row++) {
    let isWhole = false;
    for (; old[next] === row && next < old.length; next += FAILURE_WORDS) {
      isWhole ||= old[next + 1] === WHOLE_ROW;
      records.push(...old.subarray(next, next + FAILURE_WORDS));
    }
    if (!isWhole) for (const field of fields) records.push(row, field, kind, errno, names, names + 1);
  }
  const added = new TextEncoder().encode(`\0${code}\0${syscall}`);
  const texts = new Uint8Array(before.length + added.length);
  texts.set(before);
  texts.set(added, before.length);
  return { records: Int32Array.from(records), texts };
}

function align(bytes: number): number {
  return (bytes + 7) & ~7;
}

/** The texts of a field's column, those of each distinct value together, without a copy. */
export function textsOf(frame: Frame, field: number): Uint8Array[][] {
  if (FIELDS[field]?.storage !== 'variable') return [];
  const column = frame.column(field);
  const values: Uint8Array[][] = [];
  for (let code = 0; code < column.distinct; code++) values.push(column.texts(code));
  return values;
}
