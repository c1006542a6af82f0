import { styleText } from 'node:util';

/** How a text is highlighted. */
export type Tone = 'head' | 'faint' | 'alarm' | 'notice' | 'new' | 'changed' | 'gone' | 'selected';

/** Colours a text by its tone; without colours returns it unchanged. */
export type Paint = (tone: Tone, text: string) => string;

/** A stream, which may be a terminal. */
export interface Paper {
  readonly isTTY?: boolean;
  hasColors?(): boolean;
}

/** What `--color` says: the environment and the terminal decide where it says auto. */
export type When = 'auto' | 'always' | 'never';
let chosen: When = 'auto';

/** For the whole command, before anything is printed. */
export function chooseColours(when: When): void {
  chosen = when;
}

/**
 * Colours for a stream, if `--color` leaves the choice: of a terminal that supports them, none if `NO_COLOR` is set
 * (https://no-color.org), and also in a pipe if `FORCE_COLOR` is set and not 0.
 */
export function paintFor(to: Paper, env: NodeJS.ProcessEnv): Paint {
  return hasColours(to, env) ? coloured : plain;
}

export const plain: Paint = (_, text) => text;

const coloured: Paint = (tone, text) => styleText(STYLES[tone], text, { validateStream: false });

function hasColours(to: Paper, env: NodeJS.ProcessEnv): boolean {
  if (chosen !== 'auto') return chosen === 'always';
  const { NO_COLOR, FORCE_COLOR, TERM } = env;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return to.isTTY === true && TERM !== 'dumb' && to.hasColors?.() === true;
}

const STYLES: Readonly<Record<Tone, Parameters<typeof styleText>[0]>> = {
  head: 'bold',
  faint: 'dim',
  alarm: 'red',
  notice: 'yellow',
  new: 'green',
  changed: ['bold', 'yellow'],
  gone: ['dim', 'red'],
  selected: 'inverse',
};
