import { loadAddon, Op, type Reader } from '@psutil-extra/native';

/** A reader of this system's processes, and how often it has read some. */
export class CountingReader implements Reader {
  reads = 0;
  readonly #reader = new (loadAddon().Reader)('/proc');

  bootId(): string {
    return 'boot';
  }

  rest(): boolean {
    return this.#reader.rest();
  }

  run(...operation: Parameters<Reader['run']>): unknown {
    if (operation[0] === Op.pids) this.reads++;
    return this.#reader.run(...operation);
  }
}
