import { describe, expect, it } from 'vitest';
import { arranged } from '../../../packages/client/dist/cli/top/arrangement.mjs';
import type { Row } from '../../../packages/client/dist/cli/top/columns.mjs';
import type { View } from '../../../packages/client/dist/cli/top/view.mjs';
import { row, sortedBy } from './rows.js';

const pids = (rows: readonly Row[], view: View) => arranged(rows, view).map((place) => place.row.pid);

describe('the processes of psutil-extra top', () => {
  it.each([
    { sort: '-cpu', order: [3, 2, 1] },
    { sort: 'cpu', order: [2, 3, 1] },
    { sort: '-rss', order: [3, 2, 1] },
    { sort: 'command', order: [2, 1, 3] },
  ])('are sorted by $sort, and those that could not be read come last', ({ sort, order }) => {
    const rows = [row(1, 'b', { cpuPercent: null }), row(2, 'a', { cpuPercent: 1 }), row(3, null, { cpuPercent: 9 })];
    expect(pids(rows, sortedBy(sort))).toEqual(order);
  });

  it('are in the order of their PIDs where they have the same', () => {
    expect(pids([row(3, 'a'), row(1, 'a'), row(2, 'a')], sortedBy('-cpu'))).toEqual([1, 2, 3]);
  });

  it('are filtered by a part of the name, in any case', () => {
    const rows = [row(1, 'Xorg'), row(2, 'nginx'), row(3, 'sh')];
    expect(pids(rows, sortedBy('pid', { filter: 'X' }))).toEqual([1, 2]);
  });

  it('are filtered by the command line where that is shown', () => {
    const rows = [row(1, 'node', { cmdline: ['node', 'server.js'] }), row(2, 'node', { cmdline: ['node'] })];
    expect(pids(rows, sortedBy('pid', { filter: 'server' }))).toEqual([]);
    expect(pids(rows, sortedBy('pid', { filter: 'server', isFull: true }))).toEqual([1]);
  });

  it('are found by what a Node.js program is called in the table', () => {
    const cmdline = ['/usr/bin/node', '--inspect', '/srv/server.js'];
    expect(pids([row(1, 'MainThread', { cmdline })], sortedBy('pid', { filter: 'node server.js' }))).toEqual([1]);
  });

  it('stand below their parents in a tree, siblings in order', () => {
    const rows = [row(1, 'a', { ppid: 0 }), row(2, 'b', { cpuPercent: 1 }), row(3, 'c', { cpuPercent: 2 })];
    const all = [...rows, row(4, 'd', { ppid: 2 })];
    const drawn = arranged(all, sortedBy('-cpu', { isTree: true })).map((place) => place.lines + place.row.name);
    expect(drawn).toEqual(['a', '├─ c', '└─ b', '   └─ d']);
  });

  it('are no children of a process that began after them, nor of one that is not shown', () => {
    const reused = row(2, 'reused', { ppid: 0, startTime: 9_000_000 });
    const rows = [reused, row(3, 'orphan', { ppid: 2 }), row(4, 'other', { ppid: 77 })];
    expect(arranged(rows, sortedBy('pid', { isTree: true })).map(({ lines }) => lines)).toEqual(['', '', '']);
  });

  it('are all shown even if each is called the parent of the other', () => {
    const rows = [row(2, 'a', { ppid: 3, startTime: 5 }), row(3, 'b', { ppid: 2, startTime: 5 })];
    expect(pids(rows, sortedBy('pid', { isTree: true }))).toEqual([2, 3]);
  });
});
