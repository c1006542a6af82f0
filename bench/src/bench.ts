import type { Book } from './book.js';
import type { Floor } from './floor.js';
import type { Herd } from './herd.js';
import type { Options } from './options.js';

/** What a suite works with. */
export interface Bench {
  readonly options: Options;
  readonly herd: Herd;
  readonly floor: Floor;
  readonly book: Book;
}
