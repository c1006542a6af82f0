import type { FieldRow, Type } from '@psutil-extra/native/protocol';
import { escapeName } from './escape.js';

/** A value as the table writes it: a text, or a list of which as many items are shown as fit. */
export type ValueText = string | readonly string[];

/** The text of a value, by its field's format or else by its type. */
export function valueText({ type, format }: FieldRow, value: unknown): ValueText {
  if (format !== null) return formatText(format, value);
  return type.kind === 'list' ? (value as unknown[]).map((item) => typeText(type.item, item)) : typeText(type, value);
}

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
