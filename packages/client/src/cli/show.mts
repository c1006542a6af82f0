import { FIELD_INDEX, type FieldRow, FIELDS as SCHEMA } from '@psutil-extra/native/protocol';
import type { ResourceName } from 'psutil-extra';
import { FIELDS, type Field, type FieldValues, type Ids, type Limits, type ProcessRow } from 'psutil-extra';
import { Accounts } from './accounts.mjs';
import { type Paint, paintFor } from './colour.mjs';
import { escapeName } from './escape.mjs';
import { fieldGroups, isReadUnasked } from './field-groups.mjs';
import { ITEM_FIELDS, itemTexts } from './item-texts.mjs';
import { LIMIT_HEADERS, limitRow } from './limit-rows.mjs';
import { type FieldsCommand, type Found, printProcesses } from './processes.mjs';
import { signalLines } from './signal-lines.mjs';
import { structWords } from './struct-words.mjs';
import { tableLines, wrapped } from './table.mjs';
import { NONE, UNREADABLE } from './table-columns.mjs';
import { modeText, type ValueText, valueText } from './value-text.mjs';
import { lineWidth } from './width.mjs';

/** The command line of `psutil-extra show`. */
export interface ShowCommand extends FieldsCommand {
  readonly all?: true;
}

/** Prints fields of processes by their subject: all of them, those that are named, or those that are cheap. */
export function show(pids: readonly number[], command: ShowCommand): Promise<number> {
  const { stdout, env } = process;
  const page = new Page(lineWidth(stdout, env), paintFor(stdout, env), new Accounts(command.procRoot), command);
  return printProcesses(pids, command.all ? FIELDS : FIELDS.filter(isReadUnasked), command, (found) =>
    page.lines(found),
  );
}

class Page {
  readonly #width: number;
  readonly #paint: Paint;
  readonly #accounts: Accounts;
  readonly #command: ShowCommand;

  constructor(width: number, paint: Paint, accounts: Accounts, command: ShowCommand) {
    this.#width = width;
    this.#paint = paint;
    this.#accounts = accounts;
    this.#command = command;
  }

  *lines({ client, table }: Found): Generator<string> {
    const read = new Set(table.fields);
    const { fields: named, all } = this.#command;
    const isLeftOut = (field: Field) => named === undefined && !all && !isReadUnasked(field) && client.supports(field);
    let before = '';
    for (const row of table) {
      yield `${before}${this.#paint('head', `pid ${row.pid}`)}\n`;
      before = '\n';
      for (const { heading, fields } of fieldGroups()) {
        const shown = fields.filter((field) => read.has(field));
        const left = fields.filter(isLeftOut);
        if (shown.length > 0 || left.length > 0) yield ` ${this.#paint('head', heading)}\n`;
        for (const field of shown) {
          const error = row[field] === null ? table.error(row.pid, field) : undefined;
          if (error !== undefined) yield* this.#item(field, [`${UNREADABLE}  (${escapeName(error.message)})`]);
          else yield* this.#field(row, field);
        }
        if (left.length > 0) yield* this.#item('', `not read without --all: ${left.join(', ')}`.split(' '));
      }
    }
  }

  *#field(row: ProcessRow, field: Field): Generator<string> {
    if (field === 'sigmasks') yield* this.#signals(row.sigmasks as FieldValues['sigmasks']);
    else if (field === 'rlimits') yield* this.#limits(row.rlimits as FieldValues['rlimits']);
    else if (ITEM_FIELDS.has(field)) yield* this.#items(field, itemTexts(field, row[field]));
    else yield* this.#item(field, this.#words(row, field));
  }

  #words(row: ProcessRow, field: Exclude<Field, 'sigmasks' | 'rlimits'>): readonly string[] {
    const value = row[field];
    switch (field) {
      case 'uids':
        return ids(value as Ids, (uid) => this.#accounts.user(uid));
      case 'gids':
        return ids(value as Ids, (gid) => this.#accounts.group(gid));
      case 'groups': {
        const groups = value as number[];
        return wordsOf(groups.map((gid) => this.#accounts.group(gid)));
      }
      case 'umask':
        return [modeText(value as number), ` (a new folder: ${permissions(0o777 & ~(value as number))})`];
      case 'pgid':
        return [`${row.pgid}`, ...(row.pgid === row.pid ? [' (it leads the group)'] : [])];
      case 'sid':
        return [`${row.sid}`, ...(row.sid === row.pid ? [' (it leads the session)'] : [])];
      case 'startTime':
        return [new Date(value as number).toISOString(), ` (${ago(Date.now() - (value as number))} ago)`];
      default:
        return wordsOfValue(SCHEMA[FIELD_INDEX[field]] as FieldRow, value);
    }
  }

  *#signals(masks: FieldValues['sigmasks']): Generator<string> {
    yield `${this.#paint('faint', '  sigmasks')}\n`;
    yield* signalLines(masks, this.#width, '    ', this.#paint);
  }

  *#limits(limits: Partial<Record<ResourceName, Limits>>): Generator<string> {
    yield `${this.#paint('faint', '  rlimits')}\n`;
    const rows = Object.entries(limits).map(([resource, pair]) => limitRow(resource as ResourceName, pair));
    rows.sort(([a], [b]) => (String(a?.text) < String(b?.text) ? -1 : 1));
    for (const line of tableLines(LIMIT_HEADERS, rows, this.#width - 4, this.#paint)) yield `    ${line}`;
  }

  *#items(label: string, texts: readonly string[]): Generator<string> {
    if (texts.length === 0) return yield* this.#item(label, [NONE]);
    yield `${this.#paint('faint', `  ${label}`)}\n`;
    for (const text of texts.slice(0, MOST_ITEMS)) yield `    ${text}\n`;
    if (texts.length > MOST_ITEMS) yield `    ${moreThan(texts)}\n`;
  }

  *#item(label: string, words: readonly string[]): Generator<string> {
    let before = `  ${this.#paint('faint', label)}${' '.repeat(LABEL - label.length)}`;
    for (const line of wrapped(words, this.#width, INDENT)) {
      yield `${before}${line}\n`;
      before = INDENT;
    }
  }
}

function ids({ real, effective, saved }: Ids, called: (id: number) => string): string[] {
  if (real === effective && real === saved) return [called(real)];
  return [`real ${called(real)},`, `effective ${called(effective)},`, `saved ${called(saved)}`];
}

function wordsOfValue(row: FieldRow, value: unknown): readonly string[] {
  const members = row.view === null && value !== null ? structWords(row, value as object) : undefined;
  return members ?? wordsOf(valueText(row, value));
}

function wordsOf(text: ValueText): readonly string[] {
  if (typeof text === 'string') return [text];
  if (text.length === 0) return [NONE];
  const words = text.slice(0, MOST_ITEMS).flatMap((item) => item.split(' '));
  if (text.length <= MOST_ITEMS) return words;
  return [...words, moreThan(text)];
}

function moreThan({ length }: readonly string[]): string {
  return `(${length - MOST_ITEMS} more: --json has all)`;
}

/** `rwxr-xr-x`, as ls(1) writes it. */
function permissions(mode: number): string {
  return Array.from('rwxrwxrwx', (letter, bit) => ((mode >> (8 - bit)) & 1 ? letter : '-')).join('');
}

/** The two largest units of a duration: `2 h 5 min`. */
function ago(milliseconds: number): string {
  let rest = Math.max(0, Math.floor(milliseconds / 1000));
  const parts: string[] = [];
  for (const [unit, seconds] of UNITS) {
    const count = Math.floor(rest / seconds);
    rest -= count * seconds;
    if (count > 0 || (parts.length > 0 && parts.length < 2)) parts.push(`${count} ${unit}`);
    if (parts.length === 2) break;
  }
  return parts.length === 0 ? '0 s' : parts.join(' ');
}

const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
] as const;

/** Items of a list, such as variables or descriptors. */
const MOST_ITEMS = 50;

/** The longest name, and space. */
const LABEL = Math.max(...FIELDS.map(({ length }) => length)) + 3;
const INDENT = ' '.repeat(LABEL + 2);
