import type { State } from 'psutil-extra';

/** The letter that ps(1) has for each state. */
export const STATE_LETTERS: { readonly [state in State]: string } = {
  running: 'R',
  sleeping: 'S',
  'disk-sleep': 'D',
  stopped: 'T',
  'tracing-stop': 't',
  zombie: 'Z',
  dead: 'X',
  idle: 'I',
  parked: 'P',
};

/** Every state's name. */
export const STATES = Object.keys(STATE_LETTERS) as readonly State[];

/** The state that a word means: its name in any case, or its letter. */
export function stateNamed(word: string): State | undefined {
  return STATES.find((state) => state === word.toLowerCase() || STATE_LETTERS[state] === word);
}
