import { byId, element, holder, processLink, setText } from './element.js';
import { type Details, type Fact, facts, GROUPS } from './fields.js';
import { limitBars } from './limit-bars.js';
import type { Processes } from './processes.js';
import { READ_ALWAYS, READ_ON_DEMAND, type Records, recordsTable } from './records.js';
import type { View } from './router.js';
import { nameOf } from './row.js';
import { Section } from './section.js';
import { cpuTop, memoryTop } from './use-cell.js';
import { UseChart } from './use-chart.js';
import { age, bytes, percent } from './values.js';

/** A page for one process: what it uses, its fields by subject, its descriptors, sockets and limits. */
export class ProcessView implements View {
  readonly #processes: Processes;
  readonly #trouble: () => void;
  readonly #element = byId('process');
  #shown: Shown | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(processes: Processes, trouble: () => void) {
    this.#processes = processes;
    this.#trouble = trouble;
  }

  get title(): string {
    return this.#shown === undefined ? '' : `${this.#shown.name} ${this.#shown.pid}`;
  }

  open(rest: string): void {
    this.close();
    this.#shown = new Shown(Number(rest), this.#processes);
    this.#element.replaceChildren(this.#shown.element);
    this.#element.hidden = false;
    this.update();
    this.#read(this.#shown);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#shown = undefined;
    this.#element.hidden = true;
    this.#element.replaceChildren();
  }

  update(): void {
    this.#shown?.update();
  }

  /** Reads it now and again, for as long as it is shown: not while the page is in the background. */
  #read(shown: Shown): void {
    const again = () => {
      if (this.#shown === shown && !shown.isOver) this.#timer = setTimeout(() => this.#read(shown), AGAIN_MS);
    };
    if (document.hidden && shown.isRead) again();
    else shown.read().catch(this.#trouble).finally(again);
  }
}

/** One process, as long as its page is open. */
class Shown {
  readonly element = element('article');
  readonly pid: number;
  name = 'process';
  isOver = false;
  isRead = false;
  readonly #processes: Processes;
  readonly #heading = element('h2');
  readonly #summary = element('p', '', 'summary');
  readonly #command = element('p', '', 'command-line');
  readonly #parent = element('a');
  readonly #notice = element('p', '', 'notice');
  readonly #cpu = new UseChart('processor time', 'cpu');
  readonly #memory = new UseChart('resident memory', 'memory');
  readonly #sections = new Map<string, Section>();
  #began: number | null | undefined;

  constructor(pid: number, processes: Processes) {
    this.pid = pid;
    this.#processes = processes;
    this.#notice.hidden = true;
    this.#notice.role = 'alert';
    const charts = holder('div', [this.#cpu.element, this.#memory.element], 'charts');
    const groups = element('div', '', 'groups');
    const wide = element('div');
    for (const { heading } of GROUPS) groups.append(this.#section(heading).element);
    wide.append(this.#section('Limits').element);
    for (const { heading } of READ_ALWAYS) wide.append(this.#section(heading).element);
    this.element.append(
      this.#heading,
      this.#summary,
      this.#command,
      this.#notice,
      charts,
      groups,
      wide,
      ...READ_ON_DEMAND.map((records) => this.#onDemand(records)),
    );
  }

  /** What the shared sample has of it. */
  update(): void {
    if (this.isOver) return;
    const row = this.#processes.get(this.pid);
    this.name = row === undefined ? this.name : nameOf(row);
    setText(this.#heading, `${this.name} ${this.pid}`);
    if (row === undefined) return;
    // Of a long one the sample has only the beginning.
    if (!this.isRead) setText(this.#command, row.command ?? '');
    const began = row.began === null ? '' : `, ${age(row.began, this.#processes.at)} old`;
    if (this.#summary.childElementCount === 0) this.#summary.append(element('span'), this.#parent);
    const parent = row.ppid === null ? undefined : this.#processes.get(row.ppid);
    const child = parent === undefined ? '' : ', a child of ';
    setText(
      this.#summary.firstElementChild as HTMLElement,
      `${row.state ?? '?'}, of ${row.user ?? '?'}${began}${child}`,
    );
    this.#parent.hidden = parent === undefined;
    if (parent !== undefined) {
      this.#parent.href = processLink(parent.pid, '').href;
      setText(this.#parent, `${nameOf(parent)} ${parent.pid}`);
    }
    const track = this.#processes.track(this.pid);
    const cpu = track?.cpu.values() ?? [];
    const rss = track?.rss.values() ?? [];
    const [mostCpu, mostRss] = [cpuTop(cpu), memoryTop(rss)];
    this.#cpu.show(row.cpu === null ? '–' : `${percent(row.cpu)} %`, `${percent(mostCpu)} %`, cpu, mostCpu);
    this.#memory.show(row.rss === null ? '–' : bytes(row.rss), bytes(mostRss), rss, mostRss);
  }

  /** Reads what the sample does not have. */
  async read(): Promise<void> {
    const fields = [
      'name',
      'cmdline',
      'rlimits',
      ...GROUPS.flatMap((group) => group.fields),
      ...READ_ALWAYS.map(({ field }) => field),
    ];
    const details = await this.#ask(fields);
    if (details === undefined) return;
    this.isRead = true;
    // Another process may get its PID.
    if (this.#began !== undefined && details.startTime !== this.#began) {
      this.#over('It has ended, and this is another process that has its PID.');
      this.isOver = false;
    }
    this.#began = details.startTime;
    this.name = details.name ?? this.name;
    setText(this.#heading, `${this.name} ${this.pid}`);
    const command = details['cmdline'] as readonly string[] | null;
    if (command !== null) setText(this.#command, command.join(' '));
    for (const { heading, fields: members } of GROUPS) {
      const pairs = members.flatMap((field) => facts(field, details[field]));
      this.#section(heading).show(pairs, () => [factList(pairs)]);
    }
    const { rlimits, fdCount, memory, memoryDetail, cpuTimes, scheduler } = details;
    this.#section('Limits').show([rlimits, fdCount, memory, memoryDetail, cpuTimes, scheduler], () =>
      limitBars(details),
    );
    for (const records of READ_ALWAYS) {
      const value = details[records.field];
      const count = Array.isArray(value) ? value.length : undefined;
      this.#section(records.heading).show(value, () => [recordsTable(records, value)], count);
    }
  }

  async #ask(fields: readonly string[]): Promise<Details | undefined> {
    const answer = await fetch(`/processes/${this.pid}?fields=${fields.join()}`);
    const details = (await answer.json()) as Details & { readonly message?: string };
    if (answer.ok) return details;
    this.#over(answer.status === 404 ? 'It has ended.' : (details.message ?? answer.statusText));
    return undefined;
  }

  #over(message: string): void {
    this.isOver = true;
    this.#notice.hidden = false;
    setText(this.#notice, message);
  }

  #onDemand(records: Records): HTMLElement {
    const details = element('details');
    details.append(element('summary', records.heading));
    details.addEventListener('toggle', () => {
      if (!details.open) return;
      this.#show(records, details).catch(() => this.#over('The server does not answer.'));
    });
    return details;
  }

  async #show(records: Records, details: HTMLDetailsElement): Promise<void> {
    const read = await this.#ask([records.field]);
    if (read === undefined) return;
    details.querySelector('summary + *')?.remove();
    details.append(recordsTable(records, read[records.field]));
  }

  #section(heading: string): Section {
    let section = this.#sections.get(heading);
    if (section === undefined) {
      section = new Section(heading);
      this.#sections.set(heading, section);
    }
    return section;
  }
}

function factList(list: readonly Fact[]): HTMLElement {
  const made = element('dl');
  for (const { name, text, isMember = false, all } of list) {
    const value = element('dd', all === undefined ? text : '');
    if (all !== undefined) {
      value.append(holder('details', [element('summary', text), element('p', all.join(', '))]));
    }
    made.append(holder('div', [element('dt', name), value], isMember ? 'member' : ''));
  }
  return made;
}

const AGAIN_MS = 5000;
