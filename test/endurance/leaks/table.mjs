import { inspect } from 'node:util';
import { FIELDS } from 'psutil-extra';
import { nextTurn, PID, UNUSED_PID } from './calls.mjs';

export const TABLE = {
  'ProcessTable.column': {
    works: ({ table }) => table.column(table.fields[nextTurn() % table.fields.length]),
    fails: ({ table }) => table.column('x'),
  },
  'ProcessTable.get': { works: ({ table }) => table.get(PID).rlimits, fails: ({ table }) => table.get('x') },
  'ProcessTable.at': { works: ({ table }) => table.at(nextTurn() % 3)?.sigmasks, fails: ({ table }) => table.at('x') },
  'ProcessTable.error': {
    works: ({ table }) => table.error(UNUSED_PID, 'umask'),
    fails: ({ table }) => table.error(PID, 'x'),
  },
  'ProcessTable.toJSON': { works: ({ table }) => JSON.stringify(table), slower: 5 },
  'ProcessTable[Symbol.iterator]': { works: ({ table }) => [...table] },
  'ProcessTable.toArray': { works: ({ table }) => table.toArray() },
  'ProcessTable.map': { works: ({ table }) => table.map(({ pid }) => pid), fails: ({ table }) => table.map('x') },
  'ProcessTable.filter': { works: ({ table }) => table.filter(({ pid }) => pid === PID) },
  'ProcessTable.find': { works: ({ table }) => table.find(({ pid }) => pid === PID) },
  'ProcessTable.some': { works: ({ table }) => table.some(({ umask }) => umask === 0) },
  'ProcessTable.slice': { works: ({ table }) => table.slice(nextTurn() % 3) },
  'ProcessTable.validity': {
    works: ({ table }) => table.validity(table.fields[nextTurn() % table.fields.length]),
    fails: ({ table }) => table.validity('x'),
  },
  'ProcessTable[inspect]': { works: ({ table }) => inspect(table) },
  'ProcessTable in every order of its fields': {
    works: async ({ client }) => {
      const number = nextTurn();
      const order = [...FIELDS].sort((a, b) => hashed(a, number) - hashed(b, number));
      (await client.scan({ pids: [PID], fields: order })).toArray();
    },
    slower: 10,
  },
};

/** A hash of a text, another one each turn. */
function hashed(text, number) {
  let hash = number;
  for (const character of text) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) | 0;
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
}
