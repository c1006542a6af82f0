import { element } from './element.js';

/** A part of the page of a process, which is made anew only when what it shows has changed. */
export class Section {
  readonly element = element('section');
  readonly #heading: string;
  readonly #title: HTMLElement;
  #shown: string | undefined;

  constructor(heading: string) {
    this.#heading = heading;
    this.#title = element('h3', heading);
    this.element.append(this.#title);
  }

  /** Shows what is made of a value, and how many there are of it. */
  show(value: unknown, make: () => readonly Node[], count?: number): void {
    const text = JSON.stringify(value ?? null);
    if (text === this.#shown) return;
    this.#shown = text;
    this.#title.textContent = count === undefined ? this.#heading : `${this.#heading}: ${count}`;
    this.element.replaceChildren(this.#title, ...make());
  }
}
