import { basename } from 'node:path';
import { type Client, createClient, ProcessError, type ProcessEvent } from 'psutil-extra';
import { counted } from './counted.mjs';
import { escapeJson, escapeName } from './escape.mjs';
import { jsonOf } from './json.mjs';
import { MAIN_THREAD, patternFor, programNames } from './name-match.mjs';
import { print } from './print.mjs';
import { ReaderGone } from './reader-gone.mjs';

/** The options of the command. */
export interface EventsCommand {
  readonly ndjson?: boolean;
  readonly name?: RegExp;
  readonly ignoreCase?: true;
  readonly poll?: number;
}

/** Prints an event a line, as they happen, until the reader closes the pipe. */
export async function events({ ndjson, name: pattern, ignoreCase, poll }: EventsCommand): Promise<void> {
  const name = patternFor({ name: pattern, ignoreCase });
  await using client = createClient({ threads: 1 });
  const end = new AbortController();
  using _ = new ReaderGone(() => end.abort());
  const { signal } = end;
  const stream = client.events(poll === undefined ? { signal } : { signal, poll: poll * 1000 });
  const names = new ProcessNames(client);
  // Events wait meanwhile.
  await names.readAll();
  try {
    for await (const event of stream) {
      const itsName = await names.of(event);
      if (event.kind !== 'lost' && name !== undefined && !name.test(itsName ?? '')) continue;
      if (!(await print([ndjson === true ? json(event, itsName) : line(event, itsName)], process.stdout))) return;
    }
  } catch (error) {
    if (signal.aborted) return;
    // It says what to do, as for a program.
    if (error instanceof ProcessError) error.message = error.message.replace('{ poll: ms }', '--poll SECONDS');
    throw error;
  }
}

/** The names of processes. An event has none, and a process that has ended can no longer be asked. */
class ProcessNames {
  readonly #client: Client;
  readonly #names = new Map<number, string>();

  constructor(client: Client) {
    this.#client = client;
  }

  async readAll(): Promise<void> {
    const table = await this.#client.scan({ fields: ['name'] });
    for (const { pid, name } of table) this.#set(pid, name ?? undefined);
    await this.#nameAsExecuted(table.filter(({ name }) => name === MAIN_THREAD).map(({ pid }) => pid));
  }

  async of(event: ProcessEvent): Promise<string | undefined> {
    switch (event.kind) {
      case 'fork':
        // The program is its parent's until it executes another.
        this.#set(event.pid, this.#names.get(event.parent));
        return this.#names.get(event.pid);
      case 'exec':
        this.#set(event.pid, event.exe === undefined ? await this.#read(event.pid) : nameOf(event.exe));
        return this.#names.get(event.pid);
      case 'exit': {
        const name = this.#names.get(event.pid);
        this.#names.delete(event.pid);
        return name;
      }
      case 'lost':
        await this.readAll();
        return undefined;
    }
  }

  #set(pid: number, name: string | undefined): void {
    if (name !== undefined) this.#names.set(pid, name);
  }

  async #read(pid: number): Promise<string | undefined> {
    try {
      return await this.#client.name(pid);
    } catch {
      return undefined;
    }
  }

  /** Names Node.js programs as they were before they renamed themselves, which is no event: as one that begins now. */
  async #nameAsExecuted(pids: readonly number[]): Promise<void> {
    if (pids.length === 0 || !this.#client.supports('cmdline')) return;
    for (const { pid, cmdline } of await this.#client.scan({ fields: ['cmdline'], pids })) {
      const [program] = programNames(cmdline ?? []);
      this.#set(pid, program === undefined ? undefined : nameOf(program));
    }
  }
}

/** The name that the kernel gives a process by the file that it executes: 15 bytes. */
function nameOf(path: string): string {
  return Buffer.from(basename(path)).subarray(0, 15).toString();
}

function json(event: ProcessEvent, name: string | undefined): string {
  if (event.kind === 'lost') return `${jsonOf(event)}\n`;
  const { kind, pid, ...rest } = event;
  return `${escapeJson(jsonOf({ kind, pid, name: name ?? null, ...rest }))}\n`;
}

function line(event: ProcessEvent, name: string | undefined): string {
  if (event.kind === 'lost') return `${' '.repeat(TIME)}  lost  ${counted(event.count, 'event')}\n`;
  const { kind, pid, time } = event;
  const shown = escapeName(name ?? '?');
  return (
    `${clock(new Date(time))}  ${kind}  ${String(pid).padStart(PID)}  ${shown.padEnd(NAME)}  ${detail(event)}`.trimEnd() +
    '\n'
  );
}

function detail(event: Exclude<ProcessEvent, { kind: 'lost' }>): string {
  switch (event.kind) {
    case 'fork':
      return `parent ${event.parent}`;
    case 'exec':
      return escapeName(event.exe ?? '');
    case 'exit':
      return event.signal ?? (event.code === null ? '' : `code ${event.code}`);
  }
}

function clock(at: Date): string {
  const parts = [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, '0'));
  return `${parts.join(':')}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}

const TIME = '00:00:00.000'.length;
const PID = 7;
const NAME = 15;
