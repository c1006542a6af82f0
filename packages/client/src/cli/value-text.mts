import type { FieldRow, Type } from '@psutil-extra/native/protocol';
import type { Capabilities, CapabilitySet, Connection, MemoryMap } from 'psutil-extra';
import { escapeName } from './escape.mjs';
import { endText } from './socket-text.mjs';

/** A value as the table writes it: a text, or a list of which as many items are shown as fit. */
export type ValueText = string | readonly string[];

/** The text of a value, by its field's format or view, or else by its type. */
export function valueText({ type, format, view }: FieldRow, value: unknown): ValueText {
  const viewText = view === null ? undefined : VIEW_TEXTS[view];
  if (viewText !== undefined) return viewText(value);
  if (format !== null) return formatText(format, value);
  return type.kind === 'list' ? (value as unknown[]).map((item) => typeText(type.item, item)) : typeText(type, value);
}

const VIEW_TEXTS: { readonly [view: string]: (value: unknown) => ValueText } = {
  environ: (variables) => Object.entries(variables as object).map(([name, value]) => escapeName(`${name}=${value}`)),
  capabilities: (sets) => Object.entries(sets as Capabilities).map(([name, set]) => `${name}: ${capabilityText(set)}`),
  connections: (sockets) => (sockets as Connection[]).map(connectionText),
  memoryMaps: (mappings) =>
    (mappings as MemoryMap[]).map(
      ({ start, end, permissions, path }) =>
        `${start.toString(16)}-${end.toString(16)} ${permissions} ${escapeName(path ?? '')}`,
    ),
};

function capabilityText(set: CapabilitySet): string {
  if (set.size === 0) return 'none';
  return set.size > MOST_NAMED ? `${set.size} capabilities` : set.names().join(' ');
}

function connectionText({ family, type, local, remote, state }: Connection): string {
  const ends = [local, remote].filter((end) => end !== null).map(endText);
  return [`${family}/${type}`, ends.join(' > '), ...(state === null ? [] : [state])].join(' ');
}

/** Root has all forty of them. */
const MOST_NAMED = 8;

/** Permission bits, in octal. */
export function modeText(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

function formatText(format: string, value: unknown): string {
  if (format !== 'mode') throw new TypeError(`the schema has a format that the command does not know: ${format}`);
  return modeText(value as number);
}

function typeText(type: Type, value: unknown): string {
  if (value === null || value === undefined) return '-';
  switch (type.kind) {
    case 'text':
      return escapeName(value as string);
    case 'bytes':
      return Buffer.from(value as Uint8Array).toString('hex');
    case 'list':
      return (value as unknown[]).map((item) => typeText(type.item, item)).join();
    case 'struct': {
      const members = value as Record<string, unknown>;
      const texts = type.members.map((member) => typeText(member.type, members[member.name]));
      // Most processes have three equal ids.
      return texts.every((text) => text === texts[0]) ? (texts[0] as string) : texts.join('/');
    }
    default:
      return (value as string | number | boolean).toString();
  }
}
