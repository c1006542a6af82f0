import { constants } from 'node:os';
import type { SignalName } from 'psutil-extra';
import type { Arrangement, Place } from './arrangement.mjs';
import type { Row } from './columns.mjs';

/** What the keys have made of the screen. */
export interface View extends Arrangement {
  /** The process on which the bar stands; `undefined` while it stands on the first line. */
  readonly selected: string | undefined;
  /** The line on which the bar stands: it stays there when its process has ended. */
  readonly line: number;
  /** How many lines are above the screen. */
  readonly first: number;
  readonly tagged: ReadonlyMap<string, Row>;
  readonly dialogue: Dialogue;
  /** What was done last, until the next key. */
  readonly message: string;
}

/** What the keys mean now. */
export type Dialogue =
  | { readonly kind: 'list' }
  | { readonly kind: 'help' }
  | { readonly kind: 'filter'; readonly before: string }
  | { readonly kind: 'kill'; readonly rows: readonly Row[]; readonly signal: SignalName };

export const LIST: Dialogue = { kind: 'list' };

export function viewOf(arrangement: Arrangement): View {
  return { ...arrangement, selected: undefined, line: 0, first: 0, tagged: new Map(), dialogue: LIST, message: '' };
}

/** What identifies the process of a row: the PID alone may be another's in the next sample. */
export function keyOf({ pid, startTime }: Row): string {
  return `${pid} ${startTime}`;
}

/** The view of these processes: the bar is on its process wherever that is now, and is on the screen. */
export function placed(view: View, places: readonly Place[], page: number): View {
  const { selected, tagged } = view;
  const found = selected === undefined ? 0 : places.findIndex(({ row }) => keyOf(row) === selected);
  const line = Math.max(0, found >= 0 ? found : Math.min(view.line, places.length - 1));
  const under = places[line];
  const lowest = Math.max(0, Math.min(view.first, places.length - page));
  return {
    ...view,
    selected: selected === undefined || under === undefined ? undefined : keyOf(under.row),
    line,
    first: Math.max(line - page + 1, Math.min(lowest, line)),
    tagged: tagged.size === 0 ? tagged : stillThere(tagged, places),
  };
}

/** The signals that are offered, the usual one first. */
export const SIGNALS = (
  ['SIGTERM', 'SIGKILL', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGSTOP', 'SIGCONT'] as const
).filter((name) => name in constants.signals);

/** A process that has ended, or is not shown, is not meant any more. */
function stillThere(tagged: ReadonlyMap<string, Row>, places: readonly Place[]): ReadonlyMap<string, Row> {
  return new Map(places.flatMap(({ row }) => (tagged.has(keyOf(row)) ? [[keyOf(row), row] as const] : [])));
}
