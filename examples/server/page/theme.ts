import { byId } from './element.js';

/** Light, dark, or as the system is; the choice is kept. */
export class Theme {
  readonly #button = byId('theme');

  constructor() {
    this.#button.addEventListener('click', () => this.next());
    this.#set(stored());
  }

  next(): void {
    const next = THEMES[(THEMES.indexOf(stored()) + 1) % THEMES.length] as Choice;
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // A browser that keeps nothing: the choice holds for this page.
      kept = next;
    }
    this.#set(next);
  }

  #set(choice: Choice): void {
    document.documentElement.dataset['theme'] = choice;
    this.#button.textContent = `colours: ${choice}`;
  }
}

type Choice = (typeof THEMES)[number];

function stored(): Choice {
  try {
    const found = localStorage.getItem(KEY);
    return THEMES.find((each) => each === found) ?? kept;
  } catch {
    return kept;
  }
}

const THEMES = ['system', 'dark', 'light'] as const;
const KEY = 'colours';
let kept: Choice = 'system';
