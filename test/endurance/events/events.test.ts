import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createClient } from 'psutil-extra';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Seen } from '../../events/seen.js';
import { SOURCES } from '../../events/sources.js';
import { CompiledProgram } from '../../processes/compiled-program.js';
import { report, scaled } from '../scale.js';

const COUNT = scaled(3000, 100_000);

let births: CompiledProgram;
beforeAll(() => {
  births = new CompiledProgram(new URL('../../events/births.c', import.meta.url));
});
afterAll(() => births?.[Symbol.dispose]());

describe.each(SOURCES)('by $name', ({ name, options, lacking }) => {
  test(`${COUNT} processes that live for less than a millisecond are each reported once and in order, or counted as lost`, async ({
    skip,
  }) => {
    skip(...lacking);
    await using client = createClient(options);
    await using seen = await Seen.from(client, () => void spawn('/bin/true'));
    const child = spawn(births.path, [String(COUNT), '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (data) => {
      output += data;
    });
    await once(child, 'close');
    const { own, seconds } = made(output);
    await seen.ended(child.pid as number);
    // A number comes again after 4 million others, or sooner where the system has fewer.
    const reported = reportedOf(seen, child.pid as number);
    const lost = seen.events.reduce((sum, event) => sum + (event.kind === 'lost' ? event.count : 0), 0);
    const missing = COUNT * 3 - reported.events;
    expect(reported.wrong).toEqual([]);
    expect(missing).toBeGreaterThanOrEqual(0);
    expect(missing).toBeLessThanOrEqual(lost);
    // For netlink the kernel reports an exit after it has woken the parent, which may have started the next process by then.
    const order = (ends: readonly string[]) => (name === 'netlink' ? ends.toSorted() : ends);
    if (lost === 0) expect(order(reported.ended)).toEqual(order(own));
    else expect(isPartOf(order(reported.ended), order(own))).toBe(true);
    report(
      `${name}: ${COUNT} processes in ${seconds.toFixed(1)} s (${Math.round(COUNT / seconds)} a second): ${reported.events} of ${COUNT * 3} events reported, ${lost} lost`,
    );
  });
});

/** What the program says that it has made: "pid code" of each. */
function made(output: string): { own: string[]; seconds: number } {
  const own = output.trim().split('\n');
  const seconds = Number(own.pop()?.split(' ')[1]);
  return { own, seconds };
}

/** The events of a process's children: how many, the ends as "pid code" in their order, and what was out of order. */
function reportedOf(seen: Seen, parent: number): { events: number; ended: string[]; wrong: string[] } {
  const next = new Map<number, 'exec' | 'exit'>();
  const ended: string[] = [];
  const wrong: string[] = [];
  let events = 0;
  let isLossy = false;
  for (const event of seen.events) {
    if (event.kind === 'lost') {
      isLossy = true;
      continue;
    }
    const { pid } = event;
    if (event.kind === 'fork' && event.parent === parent) {
      events++;
      if (next.has(pid) && !isLossy) wrong.push(`${pid} begins twice`);
      next.set(pid, 'exec');
    } else if (event.kind === next.get(pid)) {
      events++;
      if (event.kind === 'exec') next.set(pid, 'exit');
      else {
        next.delete(pid);
        ended.push(`${pid} ${event.kind === 'exit' ? event.code : ''}`);
      }
    } else if (next.has(pid) && !isLossy) wrong.push(`${pid}: ${event.kind} instead of ${next.get(pid)}`);
  }
  return { events, ended, wrong };
}

function isPartOf(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0;
  for (const each of part) {
    at = whole.indexOf(each, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
