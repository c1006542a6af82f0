import { showDetail } from './detail.js';
import { listen } from './feed.js';
import { MARKS, matches } from './filter.js';
import { HostHead } from './host.js';
import { Processes, type Shown, sorted } from './processes.js';
import { COLUMNS, type Column, Line } from './row.js';
import { resourceName } from './values.js';

const byId = (id: string) => document.getElementById(id) as HTMLElement;
const text = byId('text') as HTMLInputElement;
const state = byId('state') as HTMLSelectElement;
const sort = byId('sort') as HTMLSelectElement;
const body = byId('rows');
const more = byId('more') as HTMLButtonElement;
const kernel = byId('kernel') as HTMLInputElement;
const marks = [...document.querySelectorAll<HTMLInputElement>('#marks input')];
const processes = new Processes();
const lines = new Map<number, Line>();
let column = COLUMNS.find(({ id }) => id === 'cpu') as Column;
let descending = true;
/** Lines that are in the page: ten thousand would make it slow, and are too many to read. */
let most = 200;

function render(): void {
  const wanted = {
    text: text.value.trim().toLowerCase(),
    state: state.value,
    marks: marks.filter(({ checked }) => checked).map(({ name }) => name),
    kernel: kernel.checked,
  };
  const all = [...processes.all()].filter((row) => kernel.checked || !row.kernel);
  const found = sorted(
    all.filter((row) => matches(row, wanted)),
    column.key,
    descending,
  );
  const shown = found.slice(0, most);
  place(shown);
  byId('count').textContent = found.length === all.length ? String(all.length) : `${found.length} of ${all.length}`;
  byId('none').hidden = found.length > 0 || all.length === 0;
  more.hidden = found.length <= most;
  more.textContent = `show ${Math.min(500, found.length - most)} more of ${found.length}`;
  for (const { name, nextElementSibling } of marks) {
    const count = all.filter((row) => MARKS[name]?.(row)).length;
    if (nextElementSibling !== null) nextElementSibling.textContent = String(count);
  }
}

/** Puts the lines of these rows into the page in this order, and takes the others out. */
function place(rows: readonly Shown[]): void {
  const stay = new Set(rows.map(({ pid }) => pid));
  for (const [pid, { element }] of lines) {
    if (stay.has(pid)) continue;
    element.remove();
    lines.delete(pid);
  }
  let next = body.firstElementChild;
  for (const row of rows) {
    let line = lines.get(row.pid);
    if (line === undefined) {
      line = new Line(row.pid);
      if (processes.arrived.has(row.pid)) line.element.className = 'new';
      lines.set(row.pid, line);
    }
    line.update(row, processes);
    if (line.element === next) next = next.nextElementSibling;
    else body.insertBefore(line.element, next);
  }
}

function sortBy(chosen: Column, descend: boolean): void {
  column = chosen;
  descending = descend;
  sort.value = chosen.id;
  for (const head of byId('heads').children) {
    if ((head as HTMLElement).dataset['column'] !== chosen.id) head.removeAttribute('aria-sort');
    else head.setAttribute('aria-sort', descend ? 'descending' : 'ascending');
  }
  render();
}

function heads(): void {
  for (const each of COLUMNS) {
    const head = document.createElement('th');
    head.className = each.classes;
    head.dataset['column'] = each.id;
    head.scope = 'col';
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = each.head;
    button.addEventListener('click', () => sortBy(each, column === each ? !descending : each.isUse === true));
    head.append(button);
    byId('heads').append(head);
    sort.add(new Option(each.head, each.id));
  }
}

function status(message: string, trouble = false): void {
  const element = byId('status');
  element.textContent = message;
  element.classList.toggle('trouble', trouble);
}

/** Offers the states that there are. */
function states(): void {
  const present = [...new Set(Array.from(processes.all(), (row) => row.state ?? ''))]
    .filter((each) => each !== '')
    .sort();
  const offered = Array.from(state.options, ({ value }) => value).filter((each) => each !== '');
  if (present.join() === offered.join() || present.every((each) => offered.includes(each))) return;
  const chosen = state.value;
  state.replaceChildren(new Option('every state', ''), ...present.map((each) => new Option(each, each)));
  state.value = chosen;
}

const host = new HostHead(byId('host'));
heads();
sortBy(column, descending);
for (const input of [text, state, kernel, ...marks]) input.addEventListener('input', render);
sort.addEventListener('input', () => sortBy(COLUMNS.find(({ id }) => id === sort.value) ?? column, descending));
byId('filter').addEventListener('submit', (event) => event.preventDefault());
more.addEventListener('click', () => {
  most += 500;
  render();
});
const open = (target: EventTarget | null) => {
  const pid = Number((target as HTMLElement | null)?.closest('tr')?.dataset['pid']);
  if (pid > 0)
    showDetail(byId('detail') as HTMLDialogElement, pid).catch((error: Error) => status(error.message, true));
};
body.addEventListener('click', ({ target }) => open(target));
body.addEventListener('keydown', ({ key, target }) => {
  if (key === 'Enter') open(target);
});
listen({
  processes,
  read() {
    byId('resources').textContent = processes.resources.map(resourceName).join(', ');
    states();
    host.update(processes);
    render();
    const time = new Date(processes.at).toLocaleTimeString('en-GB');
    status(`read by ${processes.source} at ${time}`);
  },
  trouble: (message) => status(message, true),
});
