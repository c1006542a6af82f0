/** The keys of `top`, for its help and the manual. */
export const TOP_KEYS: readonly (readonly [keys: string, meaning: string])[] = [
  ['arrows, page keys, Home, End', 'move the bar, which stays on its process'],
  ['P M T N', 'sort by processor, memory, time, PID'],
  ['< > F6', 'sort by the column on the left, on the right'],
  ['I', 'reverse the order'],
  ['/ \\ F4', 'show those whose command contains a text; Esc shows all'],
  ['t F5', 'show a tree, or a list'],
  ['c', 'show command lines, or names'],
  ['space', 'tag a process; U untags all'],
  ['k F9', 'send a signal to the process, or to those tagged, when confirmed'],
  ['h ? F1', 'list these keys'],
  ['q F10 ^C', 'quit; ^Z suspends'],
];
