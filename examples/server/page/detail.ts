import { height } from './pictures.js';
import { limit, octal, resourceName } from './values.js';

/** What `GET /processes/:pid` answers, as far as it is shown. */
interface Details {
  readonly pid: number;
  readonly name?: string | null;
  readonly umask: number | null;
  readonly sigmasks: Readonly<Record<string, readonly string[]>> | null;
  readonly rlimits: Readonly<Record<string, { soft: number | 'unlimited'; hard: number | 'unlimited' }>> | null;
  readonly startTime: number | null;
  readonly [field: string]: unknown;
}

/** Asks for everything that is known of a process, and shows it. */
export async function showDetail(dialog: HTMLDialogElement, pid: number): Promise<void> {
  const answer = await fetch(`/processes/${pid}`);
  const details = (await answer.json()) as Details & { message?: string };
  const close = element('button', 'close');
  close.addEventListener('click', () => dialog.close());
  const title = element('h2', `${details.name ?? 'PID'} ${pid}`);
  title.id = 'detail-title';
  const header = document.createElement('header');
  header.append(title, close);
  dialog.replaceChildren(
    header,
    ...(answer.ok ? [facts(details), ...signals(details), ...limits(details)] : [element('p', details.message ?? '')]),
  );
  if (!dialog.open) dialog.showModal();
}

function facts(details: Details): HTMLElement {
  const list = document.createElement('dl');
  for (const [name, value] of Object.entries(details)) {
    if (name === 'pid' || name === 'rlimits' || name === 'sigmasks') continue;
    const pair = document.createElement('div');
    pair.append(element('dt', name), element('dd', fact(name, value)));
    list.append(pair);
  }
  return list;
}

function fact(name: string, value: unknown): string {
  if (value === null) return '?';
  if (name === 'umask') return octal(value as number);
  if (name === 'startTime') return new Date(value as number).toISOString();
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([key, each]) => `${key} ${String(each)}`)
      .join(', ');
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function limits({ rlimits }: Details): HTMLElement[] {
  if (rlimits === null) return [];
  const table = document.createElement('table');
  for (const [resource, pair] of Object.entries(rlimits)) {
    const [soft, hard] = [pair.soft, pair.hard].map((each) => (each === 'unlimited' ? null : each)) as [
      number | null,
      number | null,
    ];
    const row = table.insertRow();
    const head = element('th', resourceName(resource));
    head.title = resource;
    const picture = document.createElement('span');
    picture.className = 'range';
    for (const value of [hard, soft]) {
      const bar = picture.appendChild(document.createElement('i'));
      bar.style.width = `${height(value) * 100}%`;
    }
    const cell = document.createElement('td');
    cell.append(picture);
    row.append(head, cell, element('td', limit(resource, soft)), element('td', `of ${limit(resource, hard)}`));
  }
  return [element('h3', 'Limits, soft of hard'), table];
}

function signals({ sigmasks }: Details): HTMLElement[] {
  if (sigmasks === null) return [];
  const list = document.createElement('dl');
  for (const [which, names] of Object.entries(sigmasks)) {
    const pair = document.createElement('div');
    pair.append(element('dt', which), element('dd', names.length === 0 ? 'none' : names.join(', ')));
    list.append(pair);
  }
  return [element('h3', 'Signals'), list];
}

function element<K extends keyof HTMLElementTagNameMap>(name: K, text: string): HTMLElementTagNameMap[K] {
  return Object.assign(document.createElement(name), { textContent: text });
}
