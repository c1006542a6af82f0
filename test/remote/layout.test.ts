import { FieldSet } from '@psutil-extra/native/protocol';
import { createClient } from 'psutil-extra';
import { createResponder, encodeScan } from 'psutil-extra/remote';
import { afterAll, expect, test } from 'vitest';
import { snippet } from '../documents/markdown.js';
import { partsOf } from './loopback.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

const { code } = snippet('docs/architecture.md: request   u16 magic, u8 protocol, u8 kind, u8 schema[8]; then by kind');

/** Where each number of these lines begins, one behind the other. */
function places(from: RegExp): { readonly [name: string]: number } {
  const [, list = ''] = from.exec(code) ?? [];
  let at = 0;
  const found: Record<string, number> = {};
  for (const [, type, bits, name, count = '1'] of list.matchAll(/\b(u)(\d+) (\w+)(?:\[(\d+)\])?/g)) {
    if (type === undefined) continue;
    found[name as string] = at;
    at += (Number(bits) / 8) * Number(count);
  }
  return { ...found, end: at };
}

test('requests and answers are laid out as the architecture says', async () => {
  const request = places(/^request +(.+);/m);
  const part = places(/^part +(.+);/m);
  const record = places(/^record +(.+);/m);
  expect({ request, part, record }).toEqual({
    request: { magic: 0, protocol: 2, kind: 3, schema: 4, end: 12 },
    part: { magic: 0, protocol: 2, last: 3, number: 4, schema: 8, end: 16 },
    record: { length: 0, kind: 4, end: 8 },
  });
  const responder = createResponder(client);
  const { description } = responder;
  const message = Buffer.from(encodeScan({ fields: ['name'] }));
  expect(message.toString('latin1', 0, 2)).toBe('px');
  expect(message[2]).toBe(description.protocol);
  expect(message.toString('hex', request['schema'], request['end'])).toBe(description.schema);
  expect(message.readDoubleLE(request['end'])).toBe(FieldSet.of(0).bits);
  const parts = (await partsOf(responder, message, 4096)).map((each) => Buffer.from(each));
  expect(parts.map((each) => each.readUInt32LE(part['number']))).toEqual(parts.map((_, i) => i));
  expect(parts.map((each) => each[part['last'] as number])).toEqual(
    parts.map((_, i) => Number(i === parts.length - 1)),
  );
  const [first] = parts as [Buffer];
  expect(first.toString('hex', part['schema'], part['end'])).toBe(description.schema);
  const at = part['end'] as number;
  expect(first.readUInt32LE(at + (record['kind'] as number))).toBe(1);
  // A frame begins with its own length.
  expect(first.readUInt32LE(at)).toBe(first.readInt32LE(at + (record['end'] as number)));
});
