import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { TableParts } from 'psutil-extra/arrow';
import type { Answer, Append, Counts, FileTarget, RecordingTarget, Request } from './requests.js';
import { releaseAll } from './thread/lock.js';
import { errorOf } from './thread/plain-error.js';

/** The thread that converts and writes, so that this one does neither. */
export class WritingThread implements AsyncDisposable {
  readonly #worker = new Worker(join(__dirname, 'thread/main.js'), { execArgv: [] });
  #answered: ((answer: Answer) => void) | undefined;
  #failed: ((error: Error) => void) | undefined;
  #death: Error | undefined;
  /** By which its locks are known. */
  readonly #id = randomUUID();
  readonly #directory: string | undefined;
  #opened: Counts | undefined;

  private constructor(target: RecordingTarget | FileTarget) {
    this.#directory = target.kind === 'directory' ? target.directory : undefined;
    this.#worker.on('message', (answer: Answer) => this.#answered?.(answer));
    this.#worker.on('error', (error) => this.#die(error));
    this.#worker.on('exit', (code) => this.#die(new Error(`the thread that writes has ended with ${code}`)));
  }

  static async open(target: RecordingTarget | FileTarget): Promise<WritingThread> {
    const thread = new WritingThread(target);
    try {
      thread.#opened = await thread.#ask({ do: 'open', target, id: thread.#id });
      return thread;
    } catch (error) {
      await thread[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** What was written when it was opened: files of recordings that had died. */
  get opened(): Counts {
    return this.#opened as Counts;
  }

  /** Adds a table. It gives up its bytes if `transfers`: then it cannot be used any more. */
  async append(
    parts: TableParts,
    time: number,
    options: { rows?: Uint32Array; transfers?: boolean } = {},
  ): Promise<Counts> {
    const { rows, transfers = false } = options;
    // Rows are chosen among all of them.
    const pieces = rows === undefined ? pieced(parts) : [parts];
    let counts: Counts | undefined;
    for (const [at, piece] of pieces.entries()) {
      const part: Append = { parts: piece, time, rows, isLast: at === pieces.length - 1 };
      counts = await this.#ask({ do: 'append', part }, transfers ? [...piece.frames] : []);
    }
    return counts as Counts;
  }

  /** Finishes what is open and says what has been written. */
  close(keep: boolean): Promise<Counts> {
    return this.#ask({ do: 'close', keep });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const hasDied = this.#death !== undefined;
    await this.#worker.terminate();
    // It has left its locks, and this process lives, so that they would be held for ever.
    if (hasDied && this.#directory !== undefined) releaseAll(this.#directory, this.#id);
  }

  #ask(request: Request, transfer: ArrayBuffer[] = []): Promise<Counts> {
    return new Promise((resolve, reject) => {
      if (this.#death !== undefined) {
        reject(this.#death);
        return;
      }
      this.#failed = reject;
      this.#answered = (answer) => {
        if ('counts' in answer) resolve(answer.counts);
        else reject(errorOf(answer.error));
      };
      this.#worker.postMessage(request, transfer);
    });
  }

  #die(error: Error): void {
    this.#death ??= error;
    this.#failed?.(this.#death);
  }
}

/** Parts of at most so many bytes: to copy them takes less than a millisecond, and memory is bounded. */
function pieced(parts: TableParts): TableParts[] {
  // What is computed belongs to all rows.
  if (Object.keys(parts.computed).length > 0 || parts.frames.length < 2) return [parts];
  const pieces: { frames: ArrayBuffer[]; bytes: number }[] = [];
  for (const frame of parts.frames) {
    const last = pieces.at(-1);
    if (last !== undefined && last.bytes + frame.byteLength <= PIECE_BYTES) {
      last.frames.push(frame);
      last.bytes += frame.byteLength;
    } else {
      pieces.push({ frames: [frame], bytes: frame.byteLength });
    }
  }
  return pieces.map(({ frames }) => ({ ...parts, frames }));
}

const PIECE_BYTES = 4 * 2 ** 20;
