import { ANY_START } from '@psutil-extra/native/protocol';

/** The PIDs of a request, and their starts, as the addon takes them. Those of one process are the same two arrays each time: to make one takes a microsecond. */
export function arrayOfPid(pids: Int32Array | number): Int32Array {
  if (typeof pids !== 'number') return pids;
  PID[0] = pids;
  return PID;
}

export function arrayOfStart(starts: Float64Array | number | undefined): Float64Array | undefined {
  if (typeof starts !== 'number') return starts;
  if (starts === ANY_START) return undefined;
  START[0] = starts;
  return START;
}

const PID = new Int32Array(1);
const START = new Float64Array(1);
