import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient, type LiveTable } from 'psutil-extra';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SOURCES } from '../../events/sources.js';
import { CompiledProgram } from '../../processes/compiled-program.js';
import { report, seconds } from '../scale.js';

const SECONDS = seconds(5, 600);
const RATE = 2000;
/** How often a difference must be seen to last longer than a comparison. */
const PATIENCE = 20;

let births: CompiledProgram;
beforeAll(() => {
  births = new CompiledProgram(new URL('../../events/births.c', import.meta.url));
});
afterAll(() => births?.[Symbol.dispose]());

describe.each(SOURCES)('by $name', ({ name, options, lacking }) => {
  const what = `a live table is what /proc is, for ${SECONDS} s beside ${RATE} processes a second`;
  test(what, { timeout: SECONDS * 1000 + 60_000 }, async ({ skip }) => {
    skip(...lacking);
    await using client = createClient(options);
    await using live = await client.live({ fields: ['name', 'ppid', 'startTime'] });
    let resyncs = 0;
    let begun = 0;
    live.on('resync', () => resyncs++);
    live.on('change', ({ started }) => {
      begun += started.length;
    });
    const churn = spawn(births.path, [String(SECONDS * RATE * 2), String(RATE)], { stdio: 'ignore' });
    const before = process.memoryUsage().rss;
    const until = performance.now() + SECONDS * 1000;
    let comparisons = 0;
    try {
      do {
        await pause(1000);
        const lasting = await lastingDifferences(live, churn);
        expect(lasting).toEqual([]);
        comparisons++;
      } while (performance.now() < until);
    } finally {
      churn.kill('SIGKILL');
    }
    expect(begun).toBeGreaterThan(SECONDS * 50);
    const grown = (process.memoryUsage().rss - before) / 1e6;
    report(
      `${name}: compared ${comparisons} times, ${begun} processes began, ${resyncs} resyncs, RSS ${grown.toFixed(0)} MB more`,
    );
  });
});

/** Differences between the table and /proc that are still there when it is looked again and again. */
async function lastingDifferences(
  live: LiveTable<'name' | 'ppid' | 'startTime'>,
  churn: ChildProcess,
): Promise<string[]> {
  let lasting: Set<string> | undefined;
  for (let i = 0; i < PATIENCE && (lasting === undefined || lasting.size > 0); i++) {
    if (i > 0) await pause(50);
    const now = differences(live);
    lasting = lasting === undefined ? now : new Set([...lasting].filter((each) => now.has(each)));
  }
  if (churn.exitCode !== null) throw new Error('the churn has ended');
  return [...(lasting ?? [])];
}

function differences(live: LiveTable<'name' | 'ppid' | 'startTime'>): Set<string> {
  const found = new Set<string>();
  const listed = new Set<number>();
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!(pid > 0)) continue;
    const stat = statOf(pid);
    if (stat === undefined) continue;
    listed.add(pid);
    const row = live.get(pid);
    if (row === undefined) found.add(`${pid} ${stat.name} is missing`);
    else if (row.ppid !== stat.ppid) found.add(`${pid} has the parent ${row.ppid}, not ${stat.ppid}`);
    // The kernel names its workers after what they do at the moment.
    else if (row.name !== stat.name && !stat.name.startsWith('kworker'))
      found.add(`${pid} is ${row.name}, not ${stat.name}`);
  }
  for (const { pid, name, ppid } of live) if (!listed.has(pid)) found.add(`${pid} ${name}, of ${ppid}, has ended`);
  return found;
}

/** The name and parent of a process that has not ended: also one whose main thread has, while another lives. */
function statOf(pid: number): { name: string; ppid: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const threads = hasEnded(text) ? readdirSync(`/proc/${pid}/task`) : [];
    if (hasEnded(text) && threads.every((id) => hasEnded(readFileSync(`/proc/${pid}/task/${id}/stat`, 'utf8')))) {
      return undefined;
    }
    const end = text.lastIndexOf(')');
    return { name: text.slice(text.indexOf('(') + 1, end), ppid: Number(text.slice(end + 2).split(' ')[1]) };
  } catch {
    return undefined;
  }
}

function hasEnded(stat: string): boolean {
  return /^[ZXx]$/.test(stat.charAt(stat.lastIndexOf(')') + 2));
}
