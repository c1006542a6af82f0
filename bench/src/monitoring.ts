import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome } from './book.js';
import { causeOf } from './child.js';
import type { Conversation } from './conversation.js';
import type { Monitor } from './monitors.js';

/** Milliseconds of processor time that a monitor takes for a sample, of so many after those that warm up; of fewer if it is slow. */
export async function costOf(monitor: Monitor, cputime: Conversation, count: number): Promise<Outcome<number>> {
  const [program, ...args] = await monitor.command();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const running = new Running(monitor, child, args.at(-1) ?? '');
  try {
    await running.take(WARMING, WARMING_MS);
    const before = { samples: running.samples, used: await running.used(cputime) };
    await running.take(count, count * SLOW_MS);
    const used = (await running.used(cputime)) - before.used;
    return { ok: true, value: used / 1e6 / (running.samples - before.samples) };
  } catch (error) {
    return { ok: false, why: (error as Error).message };
  } finally {
    await running.end();
  }
}

class Running {
  /** How many it has taken. */
  samples = 0;
  readonly #monitor: Monitor;
  readonly #child: ChildProcess;
  readonly #address: string;
  readonly #closed: Promise<unknown>;
  #onTerminal: number | undefined;
  #why: string | undefined;
  #errors = '';
  #arrived = () => {};

  constructor(monitor: Monitor, child: ChildProcess, address: string) {
    this.#monitor = monitor;
    this.#child = child;
    this.#address = address;
    const { takes } = monitor;
    const mark = takes.by === 'output' ? takes.mark : undefined;
    let line = '';
    child.stdout?.setEncoding('latin1').on('data', (text: string) => {
      if (mark === undefined) return;
      const lines = (line + text).split('\n');
      line = lines.pop() as string;
      if (lines[0] === 'missing' || lines[0] === '{"missing":true}') this.#fail('not installed');
      const found = lines.filter((each) => each.startsWith(mark)).length;
      this.samples += found;
      if (found > 0) this.#arrived();
    });
    child.stderr?.on('data', (data) => {
      this.#errors += String(data);
    });
    child.on('error', (error: NodeJS.ErrnoException) =>
      this.#fail(error.code === 'ENOENT' ? 'not installed' : error.message),
    );
    this.#closed = once(child, 'close').catch(() => undefined);
    child.on('close', (code, signal) =>
      this.#fail(code === NOT_FOUND ? 'not installed' : `dead: ${causeOf(this.#errors, code, signal)}`),
    );
  }

  /** Resolves when it has taken so many samples, or as many as it takes within so many milliseconds, at least one. */
  async take(count: number, milliseconds: number): Promise<void> {
    const until = performance.now() + milliseconds;
    for (let i = 0; i < count && (i === 0 || performance.now() < until); i++) await this.#sample();
  }

  async #sample(): Promise<void> {
    const { by } = this.#monitor.takes;
    const waited = sleep(LONGEST_MS, 'late', { ref: false });
    const arrived = new Promise<void>((resolve) => {
      this.#arrived = resolve;
    });
    if (this.#why === undefined && by !== 'output') {
      await sleep(1000);
      if (by === 'request') await fetched(this.#address);
      this.samples++;
      this.#arrived();
    }
    if (this.#why !== undefined) throw new Error(this.#why);
    if ((await Promise.race([arrived, waited])) === 'late') throw new Error(`no sample within ${LONGEST_MS / 1000} s`);
    if (this.#why !== undefined) throw new Error(this.#why);
  }

  /** Nanoseconds of processor time that it has used. */
  async used(cputime: Conversation): Promise<number> {
    const used = Number(await cputime.ask(String(this.#pid())));
    if (used < 0) throw new Error(this.#why ?? 'dead: it has ended');
    return used;
  }

  async end(): Promise<void> {
    if (this.#child.pid === undefined) return;
    // What runs on a terminal ends with it.
    this.#child.kill('SIGKILL');
    await this.#closed;
  }

  /** What is looked at: what was started, or the program that runs on the terminal that this has made. */
  #pid(): number {
    const pid = this.#child.pid as number;
    const { takes } = this.#monitor;
    if (takes.by !== 'time') return pid;
    this.#onTerminal ??= childOf(pid, takes.program);
    if (this.#onTerminal === undefined) throw new Error(this.#why ?? `dead: ${takes.program} does not run`);
    return this.#onTerminal;
  }

  #fail(why: string): void {
    this.#why ??= why;
    this.#arrived();
  }
}

/** The child of a process that has this name. */
function childOf(pid: number, name: string): number | undefined {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ').map(Number);
    return children.find((each) => readFileSync(`/proc/${each}/comm`, 'latin1') === `${name}\n`);
  } catch {
    return undefined;
  }
}

/** Resolves when all of an answer has come. It may not listen yet: process-exporter looks at all processes first. */
async function fetched(address: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await fetchOnce(address);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED' || tries === TRIES) throw error;
      await sleep(100);
    }
  }
}

function fetchOnce(address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get(`http://${address}/metrics`, (response) => {
      response.resume().on('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`dead: it answers with ${response.statusCode}`));
      });
    });
    request.on('error', reject);
  });
}

/** V8 compiles and collects in the first ones. */
const WARMING = 15;
const WARMING_MS = 18_000;
/** A sample a second takes two seconds at most, or there are fewer. */
const SLOW_MS = 2000;
const TRIES = 600;
const LONGEST_MS = 60_000;
/** What a shell ends with if there is no such program. */
const NOT_FOUND = 127;
