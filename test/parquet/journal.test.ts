import { createCipheriv } from 'node:crypto';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Journal } from '../../packages/parquet/dist/thread/journal.js';
import { arrowAt, contentOf } from '../../packages/parquet/dist/thread/journal-content.js';
import { encoded, HEADER_BYTES } from '../../packages/parquet/dist/thread/journal-record.js';
import { Folder } from './files.js';

/** What a journal of these bytes has. */
function contentOfBytes(folder: Folder, bytes: Uint8Array, written?: number) {
  const path = folder.file('copy');
  writeFileSync(path, bytes);
  const descriptor = openSync(path, 'r');
  try {
    const { parts, ...content } = contentOf(descriptor, written);
    return { ...content, texts: parts.map((part) => Buffer.from(arrowAt(descriptor, part)).toString()) };
  } finally {
    closeSync(descriptor);
  }
}

const READINGS = [['one'], ['two, first part', 'two, second part'], ['three, first part', 'three, second part']];

/** A journal of them, and where each ends. */
function threeReadings(folder: Folder): { bytes: Buffer; ends: number[] } {
  const journal = new Journal(folder.file('journal'));
  let rows = 0;
  const ends = READINGS.map((parts) => {
    parts.forEach((part, at) => {
      journal.append(Buffer.from(part), ++rows, at === parts.length - 1);
    });
    return journal.bytes;
  });
  expect(journal.readings).toBe(3);
  journal.close();
  return { bytes: readFileSync(folder.file('journal')), ends };
}

/** A journal with some bytes changed has all readings but those that these are in. The last one is silently left out. */
function expectOthers(folder: Folder, { bytes, ends }: ReturnType<typeof threeReadings>, changed: Buffer): void {
  const isWhole = ends.map((end, at) =>
    bytes.subarray(ends[at - 1] ?? 0, end).equals(changed.subarray(ends[at - 1] ?? 0, end)),
  );
  const { texts, damage } = contentOfBytes(folder, changed);
  expect(texts).toEqual(READINGS.filter((_, at) => isWhole[at]).flat());
  const isKnown = isWhole.map((_, at) => isWhole.slice(at + 1).includes(true));
  const lost = ends.map((end, at) => (isWhole[at] || !isKnown[at] ? 0 : end - (ends[at - 1] ?? 0)));
  const readings = lost.filter((each) => each > 0).length;
  if (readings > 0) expect(damage).toEqual({ readings, bytes: lost.reduce((sum, each) => sum + each) });
  else if (isWhole.at(-2)) expect(damage).toBeUndefined();
}

describe('a journal', () => {
  it('has what was added', () => {
    using folder = new Folder();
    const { readings, rows, texts, damage } = contentOfBytes(folder, threeReadings(folder).bytes);
    expect({ readings, rows, texts, damage }).toEqual({
      readings: 3,
      rows: 15,
      texts: READINGS.flat(),
      damage: undefined,
    });
  });

  it('that was cut anywhere has the whole readings before, no part of another, and no damage', () => {
    using folder = new Folder();
    const { bytes, ends } = threeReadings(folder);
    for (let length = 0; length <= bytes.length; length++) {
      const { texts, damage } = contentOfBytes(folder, bytes.subarray(0, length));
      expect(texts).toEqual(READINGS.filter((_, at) => (ends[at] as number) <= length).flat());
      expect(damage).toBeUndefined();
    }
  });

  it('with a damaged byte anywhere has all other readings, before and behind it, and says how many are lost', () => {
    using folder = new Folder();
    const whole = threeReadings(folder);
    for (let at = 0; at < whole.bytes.length; at++) {
      const changed = Buffer.from(whole.bytes);
      (changed[at] as number) ^= 0xff;
      expectOthers(folder, whole, changed);
    }
  });

  it('with a damaged length has all other readings, whatever the length is', () => {
    using folder = new Folder();
    const whole = threeReadings(folder);
    for (const start of [0, ...whole.ends.slice(0, -1)]) {
      for (const length of [0, 1, 2 ** 31, 2 ** 32 - 1, whole.bytes.length - start - HEADER_BYTES]) {
        const changed = Buffer.from(whole.bytes);
        changed.writeUInt32LE(length, start + 4);
        expectOthers(folder, whole, changed);
      }
    }
  });

  it('with zeros in the place of a page has all other readings', () => {
    using folder = new Folder();
    const whole = threeReadings(folder);
    for (let from = 0; from < whole.bytes.length; from += 7) {
      for (let to = from + 1; to <= whole.bytes.length; to += 13) {
        expectOthers(folder, whole, Buffer.from(whole.bytes).fill(0, from, to));
      }
    }
  });

  it('of zeros has nothing, and no damage: the first reading did not reach the disk', () => {
    using folder = new Folder();
    expect(contentOfBytes(folder, Buffer.alloc(8192))).toMatchObject({ readings: 0, damage: undefined });
  });

  it('whose last two readings are damaged has lost one: the last may not have been on the disk yet', () => {
    using folder = new Folder();
    const { bytes, ends } = threeReadings(folder);
    const [one, two, three] = ends as [number, number, number];
    (bytes[two - 1] as number) ^= 1;
    (bytes[three - 1] as number) ^= 1;
    expect(contentOfBytes(folder, bytes)).toMatchObject({ readings: 1, damage: { readings: 1, bytes: two - one } });
  });

  it('whose last reading is damaged has lost it if it is known to have been written', () => {
    using folder = new Folder();
    const { bytes, ends } = threeReadings(folder);
    const [, two, three] = ends as [number, number, number];
    (bytes[three - 1] as number) ^= 1;
    expect(contentOfBytes(folder, bytes, 3)).toMatchObject({
      readings: 2,
      damage: { readings: 1, bytes: three - two },
    });
  });

  it('has no record that a process has made up in what is read of it', () => {
    using folder = new Folder();
    const { header, body } = encoded(Buffer.from('forged'), { rows: 1, reading: 0, part: 0, isLast: true });
    const noise = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(8192));
    const content = Buffer.concat([noise.subarray(4096), header, body, noise.subarray(0, 4096)]);
    // To compress it does not change it.
    expect(deflateRawSync(content, { level: 1 }).includes(Buffer.concat([header, body]))).toBe(true);
    const journal = new Journal(folder.file('journal'));
    journal.append(content, 1, true);
    journal.append(Buffer.from('two'), 1, true);
    journal.close();
    const bytes = readFileSync(folder.file('journal'));
    expect(contentOfBytes(folder, bytes).texts).toEqual([content.toString(), 'two']);
    bytes.fill(0, 0, HEADER_BYTES);
    expect(contentOfBytes(folder, bytes).texts).toEqual(['two']);
  });

  it('of another version is not taken for an empty one', () => {
    using folder = new Folder();
    const { bytes } = threeReadings(folder);
    expect(() =>
      contentOfBytes(folder, Buffer.from(bytes.toString('latin1').replaceAll('PXJ2', 'PXJ1'), 'latin1')),
    ).toThrow('another version of @psutil-extra/parquet');
    bytes.write('PXJ1');
    expect(contentOfBytes(folder, bytes)).toMatchObject({ readings: 2, damage: { readings: 1 } });
  });

  it('keeps an old file: it begins with none', () => {
    using folder = new Folder();
    writeFileSync(folder.file('journal'), 'old');
    expect(() => new Journal(folder.file('journal'))).toThrow('EEXIST');
  });
});
