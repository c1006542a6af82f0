import { emitKeypressEvents, type Key } from 'node:readline';

/** How many characters of a line, and how many lines, a screen has. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** The lines of a screen of this size. */
export type Picture = (size: Size) => readonly string[];

/** A key, and the text that it writes; that is empty if it writes none. */
export type Press = (text: string, key: Key) => void;

/**
 * A terminal's alternate screen, on which a picture is drawn repeatedly. The first screen is restored, however this ends: also by an
 * error that nothing catches, and while the program is suspended.
 */
export class Screen implements Disposable {
  /** Resolves when the user quits. */
  readonly quit: Promise<void>;
  readonly #stdin = process.stdin;
  readonly #stdout = process.stdout;
  readonly #press: Press;
  #quitting!: () => void;
  #picture: Picture | undefined;
  #isEntered = false;
  #timer: NodeJS.Timeout | undefined;

  /** `press` is called for every key but ^C, which quits, and ^Z, which suspends the program. */
  constructor(press: Press) {
    this.#press = press;
    this.quit = new Promise((resolve) => {
      this.#quitting = resolve;
    });
    this.#enter();
    // A terminal that is gone is the end too, where SIGHUP is ignored.
    this.#stdout.on('resize', this.redraw).on('error', this.#quitting);
    process.on('SIGINT', this.#quitting).on('SIGCONT', this.#resume).on('SIGTSTP', this.#suspend);
    // An error that nothing catches is printed after this.
    process.on('exit', this.#leave);
    for (const signal of ENDING) process.on(signal, this.#end);
    if (!this.#stdin.isTTY) return;
    emitKeypressEvents(this.#stdin);
    this.#stdin.on('keypress', this.#pressed).on('end', this.#quitting).on('error', this.#quitting);
  }

  /** Draws a picture, which is kept for when the terminal changes its size. */
  show(picture: Picture): void {
    this.#picture = picture;
    this.redraw();
  }

  /** As if the user had pressed ^C. */
  end(): void {
    this.#quitting();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#stdout.off('resize', this.redraw).off('error', this.#quitting);
    process.off('SIGINT', this.#quitting).off('SIGCONT', this.#resume).off('SIGTSTP', this.#suspend);
    process.off('exit', this.#leave);
    for (const signal of ENDING) process.off(signal, this.#end);
    this.#stdin.off('keypress', this.#pressed).off('end', this.#quitting).off('error', this.#quitting);
    this.#leave();
  }

  /** Draws the same picture again, which may make other lines now. */
  readonly redraw = (): void => {
    if (this.#picture === undefined || !this.#isEntered) return;
    const size = this.#size();
    const lines = this.#picture(size).slice(0, size.rows);
    this.#stdout.write(`${HOME}${lines.map((line) => line.trimEnd() + CLEAR_LINE).join('\r\n')}${CLEAR_BELOW}`);
  };

  readonly #pressed = (text: string | undefined, key: Key): void => {
    if (key.ctrl === true && key.name === 'c') this.#quitting();
    else if (key.ctrl === true && key.name === 'z') this.#suspend();
    else this.#press(text ?? '', key);
  };

  /** In raw mode the terminal does not stop a program at ^Z: the program does it, and continues at SIGCONT. */
  readonly #suspend = (): void => {
    this.#leave();
    process.off('SIGTSTP', this.#suspend);
    process.kill(process.pid, 'SIGTSTP');
    // The system does not stop a program that no shell could continue, and then sends no SIGCONT.
    this.#timer = setTimeout(this.#resume, MOMENT).unref();
  };

  readonly #resume = (): void => {
    clearTimeout(this.#timer);
    if (this.#isEntered) return;
    process.on('SIGTSTP', this.#suspend);
    this.#enter();
    this.redraw();
  };

  /** A signal that ends the program does so after the first screen is restored. */
  readonly #end = (signal: NodeJS.Signals): void => {
    this[Symbol.dispose]();
    process.kill(process.pid, signal);
  };

  #enter(): void {
    this.#isEntered = true;
    this.#stdout.write(OTHER_SCREEN + HIDE_CURSOR);
    if (this.#stdin.isTTY) this.#stdin.setRawMode(true).resume();
  }

  readonly #leave = (): void => {
    if (!this.#isEntered) return;
    this.#isEntered = false;
    if (this.#stdin.isTTY) this.#stdin.setRawMode(false).pause();
    this.#stdout.write(SHOW_CURSOR + FIRST_SCREEN);
  };

  /** A terminal without a size reports 0. */
  #size(): Size {
    return { columns: this.#stdout.columns || 80, rows: this.#stdout.rows || 24 };
  }
}

const ENDING = ['SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
/** Milliseconds. */
const MOMENT = 50;

// Control sequences of xterm, https://invisible-island.net/xterm/ctlseqs/ctlseqs.html, which every terminal supports.
const OTHER_SCREEN = '\x1b[?1049h';
const FIRST_SCREEN = '\x1b[?1049l';
const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';
const HOME = '\x1b[H';
const CLEAR_LINE = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';
