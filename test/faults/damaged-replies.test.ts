import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Op } from '@psutil-extra/native';
import { FIELDS } from '@psutil-extra/native/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerOf } from '../processes/node.js';

const BUILT = createRequire(import.meta.url).resolve('../../packages/native/build/Release/psutil_extra.node');
/** Words of a frame: where its directory of columns begins, and of an entry there. */
const DIRECTORY = 16;
const ENTRY = { words: 6, data: 2, dictionary: 3 };
const STATE = FIELDS.findIndex(({ name }) => name === 'state');

/** The addon, but that its frames are damaged in one way; a number is a frame's first word. */
const DAMAGING = `
  const addon = require(${JSON.stringify(BUILT)});
  const words = (buffer) => new Int32Array(buffer, 0, buffer.byteLength >> 2);
  // The directory's entries: the words of the frame, and where an entry begins among them.
  const each = (buffer, damage) => {
    const at = words(buffer);
    for (let column = 0; column < at[5]; column++) damage(at, ${DIRECTORY} + column * ${ENTRY.words});
    return buffer;
  };
  const DAMAGE = {
    cut: (buffer) => buffer.slice(0, -8),
    fewer: (buffer) => (words(buffer).fill(1, 1, 2), buffer),
    rows: (buffer) => (words(buffer).fill(1e6, 1, 2), buffer),
    fields: (buffer) => each(buffer, (at, entry) => { at[entry] = 0xff; }),
    bytes: (buffer) => (words(buffer).fill(0), buffer),
    dictionaries: (buffer) => each(buffer, (at, entry) => {
      if (at[entry + ${ENTRY.dictionary}] > 0) at[entry + ${ENTRY.dictionary}] = -1;
    }),
    entries: (buffer) => each(buffer, (at, entry) => {
      const data = at[entry + ${ENTRY.data}] >> 2;
      if (at[entry + ${ENTRY.dictionary}] > 0) at.fill(1e6, data, data + at[1]);
    }),
    states: (buffer) => each(buffer, (at, entry) => {
      const data = at[entry + ${ENTRY.data}];
      if ((at[entry] & 0xff) === ${STATE}) new Uint8Array(buffer).fill(200, data, data + at[1]);
    }),
  };
  class Reader extends addon.Reader {
    run(op, ...args) {
      if (process.env.DAMAGE === 'lists' && op === ${Op.list}) return { pids: 'none', cursor: 0 };
      if (process.env.DAMAGE === 'limits' && op === ${Op.act}) return BigUint64Array.of(1n);
      if (process.env.DAMAGE === 'values' && op === ${Op.act}) return BigUint64Array.of(9n, 9n);
      const answer = super.run(op, ...args);
      return answer instanceof ArrayBuffer ? (DAMAGE[process.env.DAMAGE]?.(answer) ?? answer) : answer;
    }
  }
  module.exports = { ...addon, Reader };`;

/** Makes every kind of call, with and without a listener, and prints how each ended. */
const PROGRAM = `
  import { subscribe } from 'node:diagnostics_channel';
  import { createClient, WorkerError } from 'psutil-extra';
  const outcomes = {};
  const rows = (table) => table.toJSON();
  const all = async (batches) => { for await (const table of batches) rows(table); };
  const CALLS = {
    field: (client) => client.state(process.pid),
    'fields of several': (client) => Promise.all([client.name(1), client.name(process.pid), client.state(1), client.state(process.pid)]),
    snapshot: (client) => client.snapshot(process.pid, { fields: ['name', 'state', 'groups'] }),
    'rows of a scan': async (client) => rows(await client.scan({ fields: ['name', 'state'], pids: [1, process.pid] })),
    'rows of every process': async (client) => rows(await client.scan({ fields: ['name', 'state'] })),
    columns: async (client) => {
      const table = await client.scan({ fields: ['name', 'state'] });
      return [table.column('name'), table.column('state')];
    },
    batches: (client) => all(client.scanBatches({ fields: ['name', 'state'] })),
    'first read of a scope': (client) => client.oneshot(process.pid, async (p) => [await p.name(), await p.state()]),
    'second read of a scope': (client) => client.oneshot(process.pid, async (p) => {
      await p.rlimits().catch(() => {});
      return [await p.groups(), await p.state()];
    }),
  };
  for (const listens of [false, true]) {
    if (listens) for (const name of ['call', 'read']) subscribe('psutil-extra:' + name, () => {});
    for (const source of ['auto', 'procfs']) {
      const client = createClient({ threads: 1, source });
      for (const [name, call] of Object.entries(CALLS)) {
        outcomes[[name, source, listens]] = await call(client).then(
          () => 'an answer',
          (error) => (error instanceof WorkerError ? error.code + ' ' + error.message : 'other: ' + error.stack),
        );
      }
      outcomes[['umask afterwards', source, listens]] = String(await client.umask(process.pid));
      await client.close();
    }
  }
  console.log(JSON.stringify(outcomes));`;

let folder: string;
let addon: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'psutil-extra-damaging-'));
  addon = join(folder, 'addon.cjs');
  writeFileSync(addon, DAMAGING);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a damaged answer is a WorkerError with one code, whichever call waits for it', () => {
  // A single state is answered with its number; only the fields that have a dictionary meet a damaged one.
  test.each<[string, RegExp, string[]]>([
    ['cut', /not a whole frame: of \d+ bytes there are \d+/, ['field']],
    ['rows', /not a whole frame: a part of it lies outside/, ['field']],
    ['fields', /not a whole frame: its directory of columns is out of order/, ['field']],
    ['bytes', /not a whole frame: of 0 bytes/, ['field']],
    ['dictionaries', /not a whole frame: the column of \w+ lies outside it/, ['field']],
    ['entries', /the dictionary has no entry 1000000/, ['field']],
    ['states', /there are 9 values of an enum, and none has the number 200/, ['field']],
  ])('%s', async (damage, what, unharmed) => {
    const wrapper = ['env', `PSUTIL_EXTRA_ADDON=${addon}`, `DAMAGE=${damage}`];
    const outcomes = await answerOf<Record<string, string>>(PROGRAM, { wrapper });
    for (const [call, outcome] of Object.entries(outcomes)) {
      const name = call.split(',')[0] as string;
      if (name === 'umask afterwards') expect(outcome, call).toBe(String(process.umask()));
      else if (unharmed.includes(name)) expect(outcome, call).toBe('an answer');
      else {
        expect(outcome, call).toMatch(/^ERR_DAMAGED_REPLY a thread's answer is damaged: .*reinstall psutil-extra/);
        expect(outcome, call).toMatch(what);
      }
    }
    expect(Object.keys(outcomes)).toHaveLength(40);
  });

  test.each<[string, string, RegExp]>([
    ['lists', 'client.pids()', /there are no PIDs in it/],
    ['lists', "client.scanBatches({ fields: ['name'] }).next()", /there are no PIDs in it/],
    ['limits', "client.rlimit(process.pid, 'RLIMIT_CORE', { soft: 0, hard: 0 })", /there are no limits in it/],
    ['limits', "client.setScheduler(process.pid, { policy: 'other' })", /there are no values in it/],
    ['values', "client.setScheduler(process.pid, { policy: 'other' })", /the value 9 in it, where 7 are known/],
    ['values', "client.setIoPriority(process.pid, { class: 'none' })", /the value 9 in it, where 4 are known/],
    [
      'fewer',
      'Promise.all([client.name(1), client.name(process.pid)])',
      /the frame has 1 rows, where 2 were asked for/,
    ],
  ])('%s: %s', async (damage, call, what) => {
    const outcome = await answerOf<{ name: string; code: string; message: string }>(
      `import { createClient } from 'psutil-extra';
       const client = createClient({ threads: 1, source: 'procfs' });
       const { name, code, message } = await ${call}.catch((error) => error);
       console.log(JSON.stringify({ name, code, message }));`,
      { wrapper: ['env', `PSUTIL_EXTRA_ADDON=${addon}`, `DAMAGE=${damage}`] },
    );
    expect(outcome).toMatchObject({
      name: 'WorkerError',
      code: 'ERR_DAMAGED_REPLY',
      message: expect.stringMatching(what),
    });
  });
});
