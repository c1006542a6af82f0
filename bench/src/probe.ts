import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { quantile } from './measure.js';

/**
 * How late an event is handled that happens while the loop is busy, such as a request that
 * comes in: another thread sends the time about every millisecond, and this one measures its age on
 * arrival. (Node's own `monitorEventLoopDelay` times a timer of whole milliseconds: the millisecond in which
 * a timer may fire counts as delay. The report has both.)
 */
export class Probe implements AsyncDisposable {
  readonly #stop = new Int32Array(new SharedArrayBuffer(4));
  readonly #worker: Worker;
  readonly #histogram = monitorEventLoopDelay({ resolution: 1 });
  #delays: number[] = [];

  constructor() {
    this.#worker = new Worker(SENDER, { eval: true, workerData: this.#stop });
    this.#worker.on('message', (sent: number) => {
      this.#delays.push((Number(process.hrtime.bigint()) - sent) / 1e6);
    });
    this.#worker.unref();
  }

  /** The delays from now on until `work` is done. */
  async during(work: () => Promise<unknown>): Promise<Delays> {
    await sleep(50);
    this.#delays = [];
    this.#histogram.reset();
    this.#histogram.enable();
    await work();
    this.#histogram.disable();
    // What was sent during the work's last moments has yet to arrive.
    await sleep(20);
    const delays = this.#delays;
    return {
      median: quantile(delays, 0.5),
      p99: quantile(delays, 0.99),
      worst: quantile(delays, 1),
      timerP99: this.#histogram.percentile(99) / 1e6,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    Atomics.store(this.#stop, 0, 1);
    await this.#worker.terminate();
  }
}

/** Milliseconds. */
export interface Delays {
  readonly median: number;
  readonly p99: number;
  readonly worst: number;
  /** By `monitorEventLoopDelay`. */
  readonly timerP99: number;
}

const SENDER = `
  const { parentPort, workerData } = require('node:worker_threads');
  // Not a whole number of milliseconds, so that it keeps step with no other timer.
  while (Atomics.load(workerData, 0) === 0) {
    Atomics.wait(workerData, 0, 0, 0.9 + Math.random() * 0.2);
    parentPort.postMessage(Number(process.hrtime.bigint()));
  }
`;
