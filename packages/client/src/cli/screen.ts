import { emitKeypressEvents, type Key } from 'node:readline';

/** Lines for a screen of this size; the first does not move when the rest is scrolled. */
export type Picture = (columns: number) => { readonly fixed: readonly string[]; readonly scrolled: readonly string[] };

/**
 * A terminal's alternate screen, on which a picture is drawn repeatedly. The first screen is restored, however this ends.
 */
export class Screen implements Disposable {
  /** Resolves when the user quits. */
  readonly quit: Promise<void>;
  readonly #stdin = process.stdin;
  readonly #stdout = process.stdout;
  #quitting!: () => void;
  #picture: Picture | undefined;
  #first = 0;

  constructor() {
    this.quit = new Promise((resolve) => {
      this.#quitting = resolve;
    });
    this.#enter();
    this.#stdout.on('resize', this.#draw);
    process.on('SIGINT', this.#quitting).on('SIGCONT', this.#resume);
    for (const signal of ENDING) process.on(signal, this.#end);
    if (!this.#stdin.isTTY) return;
    emitKeypressEvents(this.#stdin);
    this.#stdin.on('keypress', this.#press);
  }

  /** Draws a picture, which is kept for when the terminal changes its size. */
  show(picture: Picture): void {
    this.#picture = picture;
    this.#draw();
  }

  [Symbol.dispose](): void {
    this.#stdout.off('resize', this.#draw);
    process.off('SIGINT', this.#quitting).off('SIGCONT', this.#resume);
    for (const signal of ENDING) process.off(signal, this.#end);
    this.#stdin.off('keypress', this.#press);
    this.#leave();
  }

  readonly #draw = (): void => {
    if (this.#picture === undefined) return;
    const { columns, rows } = this.#size();
    const { fixed, scrolled } = this.#picture(columns);
    const available = Math.max(1, rows - fixed.length);
    this.#first = Math.max(0, Math.min(this.#first, scrolled.length - available));
    const lines = [...fixed, ...scrolled.slice(this.#first, this.#first + available)].slice(0, rows);
    this.#stdout.write(`${HOME}${lines.map((line) => line.trimEnd() + CLEAR_LINE).join('\r\n')}${CLEAR_BELOW}`);
  };

  readonly #press = (_text: string | undefined, { name, ctrl, shift }: Key): void => {
    const page = this.#size().rows - 3;
    if (name === 'q' || (ctrl === true && name === 'c')) this.#quitting();
    else if (ctrl === true && name === 'z') this.#suspend();
    else if (name === 'up' || name === 'k') this.#scroll(-1);
    else if (name === 'down' || name === 'j') this.#scroll(1);
    else if (name === 'pageup') this.#scroll(-page);
    else if (name === 'pagedown' || name === 'space') this.#scroll(page);
    else if (name === 'home' || (name === 'g' && shift !== true)) this.#scroll(Number.NEGATIVE_INFINITY);
    else if (name === 'end' || name === 'g') this.#scroll(Number.MAX_SAFE_INTEGER);
  };

  #scroll(lines: number): void {
    this.#first = Math.max(0, this.#first + lines);
    this.#draw();
  }

  /** In raw mode the terminal does not stop a program at ^Z: the program does it, and continues at SIGCONT. */
  #suspend(): void {
    this.#leave();
    process.kill(process.pid, 'SIGTSTP');
  }

  readonly #resume = (): void => {
    this.#enter();
    this.#draw();
  };

  /** A signal that ends the program does so after the first screen is restored. */
  readonly #end = (signal: NodeJS.Signals): void => {
    this[Symbol.dispose]();
    process.kill(process.pid, signal);
  };

  #enter(): void {
    this.#stdout.write(OTHER_SCREEN + HIDE_CURSOR);
    if (this.#stdin.isTTY) this.#stdin.setRawMode(true).resume();
  }

  #leave(): void {
    if (this.#stdin.isTTY) this.#stdin.setRawMode(false).pause();
    this.#stdout.write(SHOW_CURSOR + FIRST_SCREEN);
  }

  /** A terminal without a size reports 0. */
  #size(): { readonly columns: number; readonly rows: number } {
    return { columns: this.#stdout.columns || 80, rows: this.#stdout.rows || 24 };
  }
}

const ENDING = ['SIGTERM', 'SIGHUP'] as const;

// Control sequences of xterm, https://invisible-island.net/xterm/ctlseqs/ctlseqs.html, which every terminal supports.
const OTHER_SCREEN = '\x1b[?1049h';
const FIRST_SCREEN = '\x1b[?1049l';
const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';
const HOME = '\x1b[H';
const CLEAR_LINE = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';
