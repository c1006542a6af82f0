import type { Reading } from './reading.js';

/** Which processes of two readings are the same. */
export interface Comparison {
  /** For each row of the later reading the row of that process in the earlier one; −1 if it is not there. */
  readonly earlier: Int32Array;
  /** The PIDs of processes that are only in the later reading. One that was reused is in both lists. */
  readonly started: Int32Array;
  /** The PIDs of processes that are only in the earlier reading. */
  readonly ended: Int32Array;
}

/** Compares two readings, by PID and start. */
export function compare(before: Reading, after: Reading): Comparison {
  const { rows, pids, starts } = after;
  const { rows: oldRows, pids: oldPids, starts: oldStarts } = before;
  const earlier = new Int32Array(rows).fill(-1);
  const started: number[] = [];
  const ended: number[] = [];
  const old = rowsInOrder(oldPids);
  const fresh = rowsInOrder(pids);
  let i = 0;
  for (let j = 0; j < rows; j++) {
    const row = fresh === undefined ? j : (fresh[j] as number);
    const pid = pids[row] as number;
    let candidate = old === undefined ? i : (old[i] as number);
    while (i < oldRows && (oldPids[candidate] as number) < pid) {
      ended.push(oldPids[candidate] as number);
      candidate = old === undefined ? ++i : (old[++i] as number);
    }
    if (i < oldRows && oldPids[candidate] === pid) {
      i++;
      if (oldStarts[candidate] === starts[row]) {
        earlier[row] = candidate;
        continue;
      }
      ended.push(pid);
    }
    started.push(pid);
  }
  for (; i < oldRows; i++) ended.push(oldPids[old === undefined ? i : (old[i] as number)] as number);
  return { earlier, started: Int32Array.from(started), ended: Int32Array.from(ended) };
}

/** The rows by their PIDs; `undefined` if they are in that order already, as the system's list mostly is. */
function rowsInOrder(pids: Int32Array): Uint32Array | undefined {
  const { length } = pids;
  for (let row = 1; row < length; row++) {
    if ((pids[row] as number) >= (pids[row - 1] as number)) continue;
    return Uint32Array.from(pids, (_, each) => each).sort((a, b) => (pids[a] as number) - (pids[b] as number));
  }
  return undefined;
}
