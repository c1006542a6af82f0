import type { Key } from 'node:readline';
import { describe, expect, it } from 'vitest';
import type { Place } from '../../../packages/client/dist/cli/top/arrangement.mjs';
import { press, type Step } from '../../../packages/client/dist/cli/top/keys.mjs';
import { placed, type View } from '../../../packages/client/dist/cli/top/view.mjs';
import { COLUMNS, inPlaces, KNOWN, row, sortedBy } from './rows.js';

const PLACES = inPlaces(Array.from({ length: 30 }, (_, at) => row(at + 1, `p${at + 1}`)));
const PAGE = 10;

/** What a terminal sends for keys that are no characters. */
const WRITTEN: Readonly<Record<string, string>> = {
  space: ' ',
  return: '\r',
  escape: '\u001b',
  '^n': '\u000e',
  '^u': '\u0015',
};

/** What keys do one after the other, named as readline names them; a character writes itself. */
function pressed(view: View, keys: readonly string[], places: readonly Place[] = PLACES): Step {
  let step: Step = { view: placed(view, places, PAGE) };
  for (const each of keys) {
    const isCharacter = Array.from(each).length === 1;
    const ctrl = each.startsWith('^') && !isCharacter;
    const name = ctrl ? each.slice(1) : each.toLowerCase();
    const key: Key = { name, ctrl, meta: false, shift: isCharacter && each !== name };
    const text = isCharacter ? each : (WRITTEN[each] ?? '');
    const next = press(step.view, { text, key, places, page: PAGE, columns: COLUMNS, known: KNOWN });
    step = { ...next, view: placed(next.view, places, PAGE) };
  }
  return step;
}

const START = sortedBy('-cpu');
const sortOf = ({ order: [first] }: View) => `${first?.sign === -1 ? '-' : ''}${first?.column.name}`;

describe('the bar of psutil-extra top', () => {
  it.each([
    { keys: ['down', 'down', 'up'], line: 1, first: 0 },
    { keys: ['up'], line: 0, first: 0 },
    { keys: ['pagedown', 'down'], line: 11, first: 2 },
    { keys: ['end'], line: 29, first: 20 },
    { keys: ['end', 'down', 'pageup'], line: 19, first: 19 },
    { keys: ['end', 'home'], line: 0, first: 0 },
  ])('is on line $line after $keys, and on the screen', ({ keys, line, first }) => {
    expect(pressed(START, keys).view).toMatchObject({ line, first });
  });

  it('stays on its process when others come before it', () => {
    const { view } = pressed(START, ['down', 'down']);
    const later = placed(view, [...inPlaces([row(98, 'new'), row(99, 'new')]), ...PLACES], PAGE);
    expect(later).toMatchObject({ line: 4, selected: '3 3000' });
  });

  it('stays on its line when its process has ended, though another has the PID', () => {
    const { view } = pressed(START, ['down', 'down']);
    const rows = PLACES.map((place) =>
      place.row.pid === 3 ? { ...place, row: row(3, 'x', { startTime: 1 }) } : place,
    );
    expect(placed(view, rows, PAGE)).toMatchObject({ line: 2, selected: '3 1' });
    expect(placed(view, PLACES.slice(0, 1), PAGE)).toMatchObject({ line: 0, selected: '1 1000' });
    expect(placed(view, [], PAGE)).toMatchObject({ line: 0, selected: undefined });
  });

  it.each([[[]], [['down', 'home']], [['down', 'up']]])('stays on the first line after %j', (keys) => {
    const later = placed(pressed(START, keys).view, inPlaces([row(99, 'busy'), row(1, 'p1')]), PAGE);
    expect(later).toMatchObject({ line: 0, selected: undefined });
  });
});

describe('keys that arrange', () => {
  it.each([
    { keys: ['P'], sort: '-cpu' },
    { keys: ['M'], sort: '-rss' },
    { keys: ['T'], sort: '-time' },
    { keys: ['N'], sort: 'pid' },
    { keys: ['I'], sort: 'cpu' },
    { keys: ['I', 'I'], sort: '-cpu' },
    { keys: ['>'], sort: '-rss' },
    { keys: ['f6', 'f6'], sort: '-time' },
    { keys: ['<'], sort: 'state' },
    { keys: ['N', '<'], sort: 'pid' },
    { keys: ['<', '<', '<'], sort: 'pid' },
    { keys: ['p', 'm', 'n'], sort: '-cpu' },
  ])('$keys sort by $sort', ({ keys, sort }) => {
    expect(sortOf(pressed(START, keys).view)).toBe(sort);
  });

  it.each(['t', 'f5'])('%s shows a tree, and a list again', (key) => {
    expect(pressed(START, [key]).view.isTree).toBe(true);
    expect(pressed(START, [key, key]).view.isTree).toBe(false);
  });

  it('c shows command lines, and names again', () => {
    expect(pressed(START, ['c']).view.isFull).toBe(true);
    expect(pressed(START, ['c', 'c']).view.isFull).toBe(false);
  });

  it.each(['/', '\\', 'f4', 'f3'])('%s takes a filter, in which other keys are text', (key) => {
    const { view, effect } = pressed(START, [key, 'q', 'space', 'k', 'ü', 'x', 'backspace', '^n', 'return']);
    expect({ filter: view.filter, dialogue: view.dialogue.kind, effect }).toEqual({
      filter: 'q kü',
      dialogue: 'list',
      effect: undefined,
    });
    expect(pressed(view, ['escape']).view.filter).toBe('');
  });

  it('Esc leaves the filter as it was, and ^U empties it', () => {
    const view = sortedBy('-cpu', { filter: 'sh' });
    expect(pressed(view, ['/', 'x', 'escape']).view.filter).toBe('sh');
    expect(pressed(view, ['/', '^u', 'z', 'return']).view.filter).toBe('z');
  });
});

describe('keys that signal', () => {
  it.each(['y', 'return'])('ask first, and send SIGTERM to the process under the bar after %s', (key) => {
    expect(pressed(START, ['down', 'k']).effect).toBeUndefined();
    const { effect, view } = pressed(START, ['down', 'k', key]);
    expect(effect).toEqual({ kind: 'signal', rows: [PLACES[1]?.row], signal: 'SIGTERM' });
    expect(view.dialogue.kind).toBe('list');
  });

  it.each(['n', 'escape', 'q'])('send nothing after %s', (key) => {
    const { effect, view } = pressed(START, ['f9', key]);
    expect(effect).toBeUndefined();
    expect(view.dialogue.kind).toBe('list');
  });

  it.each(['x', 'space', 'k', 'P', 'f9', '^n', '/'])('send nothing after %s, and ask on', (key) => {
    const { effect, view } = pressed(START, ['k', key]);
    expect(effect).toBeUndefined();
    expect(view).toMatchObject({ dialogue: { kind: 'kill' }, filter: '', tagged: new Map() });
  });

  it('send another signal, which arrows choose', () => {
    expect(pressed(START, ['k', 'right', 'y']).effect).toMatchObject({ signal: 'SIGKILL' });
    expect(pressed(START, ['k', 'right', 'left', 'y']).effect).toMatchObject({ signal: 'SIGTERM' });
    expect(pressed(START, ['k', 'left', 'y']).effect).toMatchObject({ signal: 'SIGCONT' });
  });

  it('mean the process that was under the bar when they were pressed', () => {
    const { view } = pressed(START, ['k']);
    const others = inPlaces([row(77, 'another')]);
    expect(pressed(view, ['y'], others).effect).toMatchObject({ rows: [{ pid: 1 }] });
  });

  it('mean those that are tagged, which they then are no more', () => {
    const { effect, view } = pressed(START, ['space', 'down', 'space', 'k', 'y']);
    expect(effect).toMatchObject({ rows: [{ pid: 1 }, { pid: 3 }] });
    expect(view.tagged.size).toBe(0);
  });

  it('do not mean tagged processes that have ended, or that the filter leaves out', () => {
    const { view } = pressed(START, ['space', 'space']);
    expect([...view.tagged.keys()]).toEqual(['1 1000', '2 2000']);
    expect([...placed(view, PLACES.slice(1), PAGE).tagged.keys()]).toEqual(['2 2000']);
    expect(pressed(view, ['U']).view.tagged.size).toBe(0);
  });

  it('do nothing without processes', () => {
    expect(pressed(START, ['k', 'space', 'y'], []).effect).toBeUndefined();
  });
});

describe('keys that end', () => {
  it.each(['q', 'f10'])('%s quits', (key) => {
    expect(pressed(START, [key]).effect).toEqual({ kind: 'quit' });
  });

  it.each(['h', '?', 'f1'])('%s lists the keys, and any key leaves the list', (key) => {
    expect(pressed(START, [key]).view.dialogue.kind).toBe('help');
    expect(pressed(START, [key, 'q'])).toMatchObject({ view: { dialogue: { kind: 'list' } } });
    expect(pressed(START, [key, 'q']).effect).toBeUndefined();
  });

  it('every other key removes the message', () => {
    expect(pressed(sortedBy('-cpu', { message: 'sent' }), ['x']).view.message).toBe('');
  });
});
