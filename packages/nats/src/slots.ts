/** Thrown to those who wait for a place when no more are given. */
export class NoMorePlaces extends Error {}

/**
 * Places for hosts that are being asked, and for tables that were not taken yet. So a slow consumer stops the asking. A host that says
 * nothing for a while gives its place to another, so that some dead ones do not hold up all; their number is bounded too.
 */
export class Slots {
  readonly #most: number;
  #taken = 0;
  #late = 0;
  #closed = false;
  readonly #waiting: (() => void)[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  async acquire(): Promise<Slot> {
    while (this.#taken >= this.#most && !this.#closed) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
    if (this.#closed) throw new NoMorePlaces();
    this.#taken++;
    return new Slot(this.#give);
  }

  /** No more places are given. */
  close(): void {
    this.#closed = true;
    for (const wake of this.#waiting.splice(0)) wake();
  }

  readonly #give = (from: Place, to: Place): boolean => {
    if (to === 'late' && this.#late >= LATE_FOR_EACH * this.#most) return false;
    if (from === 'taken') this.#taken--;
    if (from === 'late') this.#late--;
    if (to === 'late') this.#late++;
    if (from === 'taken') this.#waiting.shift()?.();
    return true;
  };
}

type Place = 'taken' | 'late' | 'free';
const LATE_FOR_EACH = 4;

/** The place of a host. */
export class Slot {
  readonly #move: (from: Place, to: Place) => boolean;
  #place: Place = 'taken';

  constructor(move: (from: Place, to: Place) => boolean) {
    this.#move = move;
  }

  /** Gives the place to another host, and goes on. */
  late(): void {
    if (this.#place === 'taken' && this.#move('taken', 'late')) this.#place = 'late';
  }

  release(): void {
    const from = this.#place;
    this.#place = 'free';
    if (from !== 'free') this.#move(from, 'free');
  }
}
