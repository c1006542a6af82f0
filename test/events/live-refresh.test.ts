import { expect, test } from 'vitest';
import { LiveRefresh } from '../../packages/client/dist/watch/live-refresh.js';
import { until } from '../processes/until.js';

test('a process is read again soon though others are to be read all the time', async () => {
  const read: number[] = [];
  const refresh = new LiveRefresh({
    read: (pids) => {
      read.push(...pids);
      return Promise.resolve([]);
    },
    apply: () => {},
    failed: (error) => expect.fail(error.message),
  });
  let pid = 1;
  const busy = setInterval(() => refresh.add(++pid), 1);
  try {
    refresh.add(1);
    await until('it is read', () => read.includes(1));
  } finally {
    clearInterval(busy);
    refresh.close();
  }
});
