import { byId, setText } from './element.js';
import { listen } from './feed.js';
import { Happenings } from './happenings.js';
import { HostHead } from './host.js';
import { keys } from './keys.js';
import { LogView } from './log-view.js';
import { ProcessView } from './process-view.js';
import { Processes } from './processes.js';
import { Router } from './router.js';
import { Selection } from './selection.js';
import { TableView } from './table-view.js';
import { Theme } from './theme.js';
import { TreeView } from './tree-view.js';

const processes = new Processes();
const host = new HostHead(byId('host'));
const selection = new Selection(processes, () => router.update());
const happenings = new Happenings(processes);
const log = new LogView(happenings);
const router = new Router(
  {
    '': new TableView(processes, selection),
    tree: new TreeView(processes, selection),
    events: log,
    process: new ProcessView(processes, () => trouble('the server does not answer; trying again')),
  },
  () => processes.host?.name ?? '',
);

/** Says it where a screen reader reads it out: the time of the last reading, every two seconds, is elsewhere. */
function trouble(message: string): void {
  setText(byId('trouble'), message);
}

listen({
  processes,
  read() {
    host.update(processes);
    router.update();
    trouble('');
    const time = new Date(processes.at).toLocaleTimeString('en-GB');
    setText(byId('status'), `read by ${processes.source} at ${time}`);
  },
  happened(events) {
    happenings.add(events);
    log.update();
  },
  trouble,
});

byId('skip').addEventListener('click', (event) => {
  // Its address would be that of a view.
  event.preventDefault();
  byId('main').focus();
});
const theme = new Theme();
keys([
  { key: '1', says: 'the table', act: () => go('#/') },
  { key: '2', says: 'the tree', act: () => go('#/tree') },
  { key: '3', says: 'the events', act: () => go('#/events') },
  { key: '/', says: 'search', act: () => search() },
  { key: '↑ ↓ Home End', says: 'go through a table or the tree; the order stays meanwhile' },
  { key: '→ ←', says: 'open and close a process in the tree' },
  { key: 'Enter', says: 'the page of a process' },
  { key: 'Escape', says: 'back from a process, or out of the search', act: () => router.leave() },
  { key: 'p', says: 'pause the events, or go on', act: () => log.togglePause() },
  { key: 'c', says: 'colours: those of the system, dark, light', act: () => theme.next() },
  { key: '?', says: 'this list' },
]);

/** To the field for it, of the table and the tree or of the events. */
function search(): void {
  const fields = document.querySelectorAll<HTMLElement>('input[type="search"]');
  [...fields].find((field) => field.checkVisibility())?.focus();
}

function go(place: string): void {
  location.hash = place;
}
