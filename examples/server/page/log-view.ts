import { byId, element, processLink } from './element.js';
import type { Happening, Happenings } from './happenings.js';
import type { View } from './router.js';

/** What happens to processes, the newest first. */
export class LogView implements View {
  readonly title = 'Events';
  readonly #happenings: Happenings;
  readonly #list = byId('happenings');
  readonly #text = byId('log-text') as HTMLInputElement;
  readonly #kinds = [...document.querySelectorAll<HTMLInputElement>('#kinds input')];
  readonly #pause = byId('pause') as HTMLInputElement;
  /** The lines that are shown, by the numbers of their events. */
  readonly #lines = new Map<number, HTMLLIElement>();
  #isOpen = false;

  constructor(happenings: Happenings) {
    this.#happenings = happenings;
    for (const input of [this.#text, ...this.#kinds, this.#pause]) input.addEventListener('input', () => this.update());
    byId('log-filter').addEventListener('submit', (event) => event.preventDefault());
  }

  open(): void {
    byId('log').hidden = false;
    this.#isOpen = true;
    this.update();
  }

  close(): void {
    byId('log').hidden = true;
    this.#isOpen = false;
  }

  /** Stops it, so that one can read, or lets it go on. */
  togglePause(): void {
    this.#pause.checked = !this.#pause.checked;
    this.update();
  }

  update(): void {
    if (!this.#isOpen) return;
    const { all, trouble } = this.#happenings;
    byId('log-trouble').textContent = trouble ?? '';
    if (this.#pause.checked) return;
    const kinds = new Set(this.#kinds.filter(({ checked }) => checked).map(({ value }) => value));
    const text = this.#text.value.trim().toLowerCase();
    const shown = all.filter((each) => isWanted(each, kinds, text)).slice(-MOST);
    byId('log-count').textContent =
      shown.length === all.length ? String(all.length) : `${shown.length} of ${all.length}`;
    const stay = new Set(shown.map(({ id }) => id));
    for (const [id, line] of this.#lines) {
      if (stay.has(id)) continue;
      line.remove();
      this.#lines.delete(id);
    }
    let next = this.#list.firstElementChild;
    for (const each of shown.toReversed()) {
      let line = this.#lines.get(each.id);
      if (line === undefined) {
        line = lineOf(each);
        this.#lines.set(each.id, line);
      }
      if (line === next) next = next.nextElementSibling;
      else this.#list.insertBefore(line, next);
    }
    byId('no-happening').hidden = shown.length > 0;
  }
}

function isWanted({ event, name, text, isFailure }: Happening, kinds: ReadonlySet<string>, wanted: string): boolean {
  if (!kinds.has(event.kind) && !(isFailure && kinds.has('failure')) && event.kind !== 'lost') return false;
  if (wanted === '') return true;
  const pid = 'pid' in event ? String(event.pid) : '';
  return pid === wanted || `${name} ${text}`.toLowerCase().includes(wanted);
}

function lineOf({ event, name, text, isFailure }: Happening): HTMLLIElement {
  const line = element('li', '', isFailure ? `${event.kind} failure` : event.kind);
  const at = new Date(event.time);
  const clock = element('time', at.toLocaleTimeString('en-GB'));
  clock.dateTime = at.toISOString();
  line.append(clock, element('span', KINDS[event.kind], 'kind'));
  if ('pid' in event) line.append(processLink(event.pid, `${name} ${event.pid}`));
  line.append(element('span', text, 'what'));
  return line;
}

const KINDS = { fork: 'begins', exec: 'executes', exit: 'ends', lost: 'left out' } as const;
/** Lines that are in the page. */
const MOST = 500;
