/** How many values are kept: two minutes of samples that are two seconds apart. */
export const HISTORY_LENGTH = 60;

/** The last values of something, the oldest first; `NaN` is what could not be read. */
export class History {
  readonly #values = new Float32Array(HISTORY_LENGTH).fill(Number.NaN);
  #next = 0;
  #size = 0;

  add(value: number | null): void {
    this.#values[this.#next] = value ?? Number.NaN;
    this.#next = (this.#next + 1) % HISTORY_LENGTH;
    this.#size = Math.min(this.#size + 1, HISTORY_LENGTH);
  }

  values(): number[] {
    const from = this.#next - this.#size + HISTORY_LENGTH;
    return Array.from({ length: this.#size }, (_, index) => this.#values[(from + index) % HISTORY_LENGTH] as number);
  }
}
