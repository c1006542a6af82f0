import type { Processes } from './processes.js';
import { Sparkline } from './sparkline.js';
import { bytes, duration, percent } from './values.js';

/** The head of the page: which machine this is, and how busy it is as a whole. */
export class HostHead {
  readonly #name: HTMLElement;
  readonly #facts: HTMLElement;
  readonly #cpu: Meter;
  readonly #memory: Meter;

  constructor(element: HTMLElement) {
    this.#name = element.querySelector('h1') as HTMLElement;
    this.#facts = element.querySelector('#facts') as HTMLElement;
    this.#cpu = new Meter(element.querySelector('#cpu') as HTMLElement, 'cpu');
    this.#memory = new Meter(element.querySelector('#memory') as HTMLElement, 'memory');
  }

  update(processes: Processes): void {
    const { host, busy } = processes;
    if (host === undefined) return;
    this.#name.textContent = host.name;
    this.#facts.textContent = [
      host.system,
      `up ${duration(host.up)}`,
      `load ${host.load.map((each) => each.toFixed(2)).join(' ')}`,
      `${processes.size} processes`,
    ].join(' · ');
    const top = host.processors * 100;
    const share = busy === null ? '–' : `${percent((busy / top) * 100)} %`;
    const processors = host.processors === 1 ? '1 processor' : `${host.processors} processors`;
    this.#cpu.show(share, `of ${processors}`, processes.cpu.values(), top);
    const used = host.memory - host.available;
    this.#memory.show(bytes(used), `of ${bytes(host.memory)}`, processes.memory.values(), host.memory);
  }
}

/** A value in large, and the line of those before it. */
class Meter {
  readonly #value: HTMLElement;
  readonly #of: HTMLElement;
  readonly #sparkline: Sparkline;

  constructor(element: HTMLElement, kind: 'cpu' | 'memory') {
    this.#value = element.querySelector('b') as HTMLElement;
    this.#of = element.querySelector('small') as HTMLElement;
    this.#sparkline = new Sparkline(kind);
    element.append(this.#sparkline.element);
  }

  show(value: string, of: string, values: readonly number[], top: number): void {
    this.#value.textContent = value;
    this.#of.textContent = of;
    this.#sparkline.draw(values, top);
  }
}
