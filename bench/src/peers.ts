import { spawn } from 'node:child_process';
import type { Bench } from './bench.js';
import type { Outcome, ScanPoint } from './book.js';
import { answerOf, askSubject } from './child.js';
import { folder } from './compile.js';
import { LIBRARIES, PYTHON, python } from './libraries.js';
import { type Spread, spread } from './measure.js';

/** What a scan costs a process, for every library and over herds of different size. */
export async function peers({ herd, floor, options, book }: Bench): Promise<void> {
  const seconds = options.quick ? 0.3 : 1;
  for (const processes of options.sizes) {
    await herd.resize(processes);
    const point = (library: string, outcome: Outcome<Spread>): ScanPoint => ({ library, processes, outcome });
    const least: number[] = [];
    for (let round = 0; round < ROUNDS; round++) least.push(await floor.round());
    book.scans.push(point('C floor', { ok: true, value: spread(least) }));
    for (const { name } of LIBRARIES) {
      book.scans.push(point(name, spreadOf(await askSubject('times', [name, ROUNDS, seconds]))));
    }
    book.scans.push(point(PYTHON.name, spreadOf(await askPython(seconds))));
  }
}

function askPython(seconds: number): Promise<Outcome<{ rounds: number[] }>> {
  return answerOf(
    spawn(python(), [folder('python/scan.py'), String(ROUNDS), String(seconds)], { stdio: ['ignore', 'pipe', 'pipe'] }),
  );
}

function spreadOf(outcome: Outcome<{ rounds: number[] }>): Outcome<Spread> {
  return outcome.ok ? { ok: true, value: spread(outcome.value.rounds) } : outcome;
}

const ROUNDS = 3;
