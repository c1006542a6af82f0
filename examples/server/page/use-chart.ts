import { element, setText } from './element.js';
import { Sparkline } from './sparkline.js';

/** A large sparkline with its scale. */
export class UseChart {
  readonly element = element('figure', '', 'use-chart');
  readonly #value = element('b');
  readonly #top = element('span', '', 'top');
  readonly #sparkline: Sparkline;

  constructor(caption: string, kind: 'cpu' | 'memory') {
    this.#sparkline = new Sparkline(kind);
    const head = element('figcaption', `${caption} `);
    head.append(this.#value);
    const box = element('div');
    box.append(this.#sparkline.element, this.#top, element('span', '0', 'bottom'));
    this.element.append(head, box);
  }

  show(value: string, top: string, values: readonly number[], scale: number): void {
    setText(this.#value, value);
    setText(this.#top, top);
    this.#sparkline.draw(values, scale);
  }
}
