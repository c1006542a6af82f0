import { byId, element, holder } from './element.js';

/** A key, what it does, and how that is said. */
export interface Key {
  readonly key: string;
  readonly says: string;
  /** Not for keys that other parts of the page listen to. */
  readonly act?: () => void;
}

/** Listens to keys that are pressed anywhere but in a field, and lists them. */
export function keys(all: readonly Key[]): void {
  const dialog = byId('keys') as HTMLDialogElement;
  const list = element('dl');
  for (const { key, says } of all) {
    list.append(holder('div', [holder('dt', [element('kbd', key)]), element('dd', says)]));
  }
  dialog.querySelector('div')?.append(list);
  byId('keys-button').addEventListener('click', () => dialog.showModal());
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || dialog.open || event.defaultPrevented) return;
    const target = event.target as HTMLElement;
    if (target.matches('input[type="search"], select')) {
      // Out of the field, where all other keys are letters.
      if (event.key === 'Escape') target.blur();
      return;
    }
    const act = event.key === '?' ? () => dialog.showModal() : all.find(({ key }) => key === event.key)?.act;
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
}
