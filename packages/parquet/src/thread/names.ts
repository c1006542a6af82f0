import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The files of one host in a directory: what is finished, and what is being written, whose names begin with a point. */
export class Names {
  readonly #directory: string;
  readonly #host: string;

  constructor(directory: string, host: string) {
    this.#directory = directory;
    this.#host = named(host);
  }

  get lock(): string {
    return join(this.#directory, `.${this.#host}.recorder`);
  }

  journal(time: string): string {
    return join(this.#directory, `.${this.#host}-${time}.journal`);
  }

  /** A journal of which no file can be made. */
  bad(time: string): string {
    return `${this.journal(time)}.bad`;
  }

  temporary(time: string): string {
    return join(this.#directory, `.${this.#host}-${time}.parquet.tmp`);
  }

  file(time: string): string {
    return join(this.#directory, `${this.#host}-${time}.parquet`);
  }

  /** The times in the names of such files, in order. */
  times(kind: 'journal' | 'journal.bad' | 'parquet.tmp' | 'parquet'): string[] {
    const before = `${kind === 'parquet' ? '' : '.'}${this.#host}-`;
    return readdirSync(this.#directory)
      .filter((name) => name.startsWith(before) && name.endsWith(`.${kind}`))
      .map((name) => name.slice(before.length, -kind.length - 1))
      .filter((time) => TIME.test(time))
      .sort();
  }

  /**
   * The time for the name of a new file: now, but after every other file of the host, also where the clock has been set back.
   * So names are in the order in which was recorded, and none is taken twice.
   */
  next(now: number): string {
    const last = (['journal', 'journal.bad', 'parquet'] as const)
      .flatMap((kind) => this.times(kind))
      .sort()
      .at(-1);
    const after = last === undefined ? now : Math.max(now, millisecondsOf(last) + 1);
    return new Date(after).toISOString().replace(/[-:]/g, '');
  }
}

/** The hosts of which a directory has a journal. Other programs have hidden files too, which are none of them. */
export function unfinishedHosts(directory: string): string[] {
  const hosts = readdirSync(directory).flatMap((name) => {
    const [, encoded = '', time = ''] = /^\.(.+)-([^-]+)\.journal$/.exec(name) ?? [];
    if (!TIME.test(time)) return [];
    try {
      const host = decodeURIComponent(encoded);
      return named(host) === encoded ? [host] : [];
    } catch {
      // Not encoded by this package.
      return [];
    }
  });
  return [...new Set(hosts)];
}

/** A host as it stands in a name: what a file's name cannot have, or a shell would change, is encoded as in an address. */
function named(host: string): string {
  const name = encodeURIComponent(host).replace(/[!'()*]|^\./g, (each) => `%${each.charCodeAt(0).toString(16)}`);
  if (name.length > MAX_NAME) {
    throw Object.assign(new RangeError(`The value of "options.host" is too long for the name of a file: ${name}`), {
      code: 'ERR_OUT_OF_RANGE',
    });
  }
  return name;
}

/** ISO 8601 without its separators: a colon is no part of a name everywhere. */
const TIME = /^\d{8}T\d{6}\.\d{3}Z$/;

function millisecondsOf(time: string): number {
  return Date.parse(time.replace(/^(....)(..)(..T..)(..)/, '$1-$2-$3:$4:'));
}

const MAX_NAME = 200;
