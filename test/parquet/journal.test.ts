import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { arrowAt, contentOf, Journal } from '../../packages/parquet/dist/thread/journal.js';
import { Folder } from './files.js';

/** What a journal of these bytes has. */
function contentOfBytes(folder: Folder, bytes: Uint8Array) {
  const path = folder.file('copy');
  writeFileSync(path, bytes);
  const descriptor = openSync(path, 'r');
  try {
    const content = contentOf(descriptor);
    return { ...content, texts: content.parts.map((part) => Buffer.from(arrowAt(descriptor, part)).toString()) };
  } finally {
    closeSync(descriptor);
  }
}

function threeReadings(folder: Folder): Buffer {
  const journal = new Journal(folder.file('journal'));
  journal.append(Buffer.from('one'), 1, true);
  journal.append(Buffer.from('two, first part'), 2, false);
  journal.append(Buffer.from('two, second part'), 3, true);
  journal.append(Buffer.from('three'), 4, true);
  expect(journal.readings).toBe(3);
  journal.close();
  return readFileSync(folder.file('journal'));
}

describe('a journal', () => {
  it('has what was added', () => {
    using folder = new Folder();
    expect(contentOfBytes(folder, threeReadings(folder))).toMatchObject({
      readings: 3,
      rows: 10,
      texts: ['one', 'two, first part', 'two, second part', 'three'],
    });
  });

  it('that was cut anywhere has the whole readings before, and no part of another', () => {
    using folder = new Folder();
    const bytes = threeReadings(folder);
    const seen = new Set<number>();
    for (let length = 0; length <= bytes.length; length++) {
      const { readings, texts } = contentOfBytes(folder, bytes.subarray(0, length));
      expect(texts).toHaveLength([0, 1, 3, 4][readings] as number);
      seen.add(readings);
    }
    expect([...seen]).toEqual([0, 1, 2, 3]);
  });

  it('with a damaged byte anywhere has the whole readings before it', () => {
    using folder = new Folder();
    const bytes = threeReadings(folder);
    for (let at = 0; at < bytes.length; at++) {
      const damaged = Buffer.from(bytes);
      (damaged[at] as number) ^= 0xff;
      const { texts } = contentOfBytes(folder, damaged);
      for (const text of texts) expect(['one', 'two, first part', 'two, second part', 'three']).toContain(text);
    }
  });

  it('keeps an old file: it begins with none', () => {
    using folder = new Folder();
    writeFileSync(folder.file('journal'), 'old');
    expect(() => new Journal(folder.file('journal'))).toThrow('EEXIST');
  });
});
