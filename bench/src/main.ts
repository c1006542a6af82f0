import { mkdirSync, writeFileSync } from 'node:fs';
import { acting } from './acting.js';
import type { Bench } from './bench.js';
import { Book } from './book.js';
import { bpf } from './bpf.js';
import { calls } from './calls.js';
import { folder } from './compile.js';
import { first } from './first.js';
import { fleet } from './fleet.js';
import { Floor } from './floor.js';
import { Herd } from './herd.js';
import { loop } from './loop.js';
import { machine } from './machine.js';
import { memory } from './memory.js';
import { metrics } from './metrics.js';
import { readOptions, type Suite } from './options.js';
import { peers } from './peers.js';
import { draw } from './pictures.js';
import { asMarkdown, limitsAsText } from './report.js';
import { sample } from './sample.js';
import { scans } from './scan.js';
import { server } from './server.js';
import { usage } from './usage.js';

const RUN: Readonly<Record<Suite, (bench: Bench) => Promise<void>>> = {
  scan: scans,
  bpf,
  calls,
  first,
  loop,
  peers,
  usage,
  memory,
  server,
  acting,
  sample,
  metrics,
  fleet,
};

const options = readOptions(process.argv.slice(2));
const book = new Book();
const began = performance.now();
{
  await using herd = new Herd();
  await using floor = new Floor();
  const bench = { options, herd, floor, book };
  for (const suite of options.suites) {
    const from = performance.now();
    process.stderr.write(`${suite} … `);
    try {
      await RUN[suite](bench);
      process.stderr.write(`${((performance.now() - from) / 1000).toFixed(0)} s\n`);
    } catch (error) {
      // The report has what the others found.
      console.error(error);
      process.exitCode = 1;
    }
  }
}

// The project shows a full run; any other run does not overwrite it.
const directory = options.full ? folder('').replace(/\/$/, '') : folder('build');
mkdirSync(directory, { recursive: true });
const settings = `${options.quick ? 'A quick run' : `Suites: ${options.suites.join(', ')}`}, ${Math.round((performance.now() - began) / 1000)} seconds. The herd has ${options.processes.toLocaleString('en')} sleeping processes, unless stated otherwise.`;
const pictures = draw(book, `${directory}/results`).map((name) => `results/${name}`);
const markdown = asMarkdown(book, machine(), pictures, settings);
writeFileSync(`${directory}/results.md`, markdown);
console.log(`\n${limitsAsText(book)}\n\nEverything: ${directory}/results.md`);
