import { HISTORY_LENGTH } from './history.js';

/** A line of the last values, in a box as wide as the place that it is given. The newest value is at its right. */
export class Sparkline {
  readonly element = svgElement('svg');
  readonly #area = this.element.appendChild(svgElement('path'));
  readonly #line = this.element.appendChild(svgElement('path'));

  constructor(kind: 'cpu' | 'memory') {
    this.element.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
    this.element.setAttribute('preserveAspectRatio', 'none');
    // The number stands beside it, and says the same.
    this.element.setAttribute('aria-hidden', 'true');
    this.element.classList.add('spark', kind);
    this.#area.classList.add('area');
    this.#line.classList.add('line');
  }

  /** Draws values between 0 and a top, which is that of the scale and not of the values. */
  draw(values: readonly number[], top: number): void {
    const points = values.map((value, index) => {
      if (Number.isNaN(value)) return undefined;
      const x = WIDTH - (values.length - 1 - index);
      const y = HEIGHT - 1 - (top > 0 ? Math.min(1, value / top) : 0) * (HEIGHT - 2);
      return { x, y: Math.round(y * 10) / 10 };
    });
    let line = '';
    let area = '';
    let begun: number | undefined;
    points.forEach((point, index) => {
      if (point === undefined) return;
      const { x, y } = point;
      const isFirst = points[index - 1] === undefined;
      line += `${isFirst ? 'M' : 'L'}${x} ${y}`;
      if (isFirst) begun = x;
      area += isFirst ? `M${x} ${HEIGHT}V${y}` : `L${x} ${y}`;
      if (points[index + 1] === undefined) area += `V${HEIGHT}H${begun}z`;
    });
    if (this.#line.getAttribute('d') === line) return;
    this.#line.setAttribute('d', line);
    this.#area.setAttribute('d', area);
  }
}

function svgElement<K extends keyof SVGElementTagNameMap>(name: K): SVGElementTagNameMap[K] {
  return document.createElementNS('http://www.w3.org/2000/svg', name);
}

const WIDTH = HISTORY_LENGTH - 1;
const HEIGHT = 20;
