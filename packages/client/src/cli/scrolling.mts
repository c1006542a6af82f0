import type { Key } from 'node:readline';
import type { Size } from './screen.mjs';

/** Lines that keys scroll, below others that stay where they are. */
export class Scrolling {
  #first = 0;
  #page = 1;

  /** Those that a screen of this size shows. */
  shown(fixed: readonly string[], scrolled: readonly string[], { rows }: Size): string[] {
    const available = Math.max(1, rows - fixed.length);
    this.#page = Math.max(1, available - 1);
    this.#first = Math.max(0, Math.min(this.#first, scrolled.length - available));
    return [...fixed, ...scrolled.slice(this.#first, this.#first + available)];
  }

  /** Whether the key scrolls. */
  press({ name, shift }: Key): boolean {
    const lines = this.#linesOf(name, shift === true);
    if (lines === undefined) return false;
    this.#first = Math.max(0, this.#first + lines);
    return true;
  }

  #linesOf(name: string | undefined, shift: boolean): number | undefined {
    if (name === 'g') return shift ? END : -END;
    return { ...ONE, pageup: -this.#page, pagedown: this.#page, space: this.#page }[name ?? ''];
  }
}

const END = Number.MAX_SAFE_INTEGER;
const ONE: { readonly [name: string]: number | undefined } = { up: -1, k: -1, down: 1, j: 1, home: -END, end: END };
