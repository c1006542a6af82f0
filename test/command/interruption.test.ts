import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { Spawned } from '../processes/spawned.js';

const INTERRUPTION = new URL('../../packages/client/dist/cli/interruption.mjs', import.meta.url);

/** A program that is never done with undoing its work, and whose clock shows the times at which signals come. */
async function interruptedAt(times: readonly number[]): Promise<{ lines: string[]; by: NodeJS.Signals | null }> {
  const program = `
import { writeSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { Interruption } from ${JSON.stringify(INTERRUPTION)};
let now, looks = 0;
performance.now = () => {
  looks++;
  return now;
};
const { signal } = new Interruption();
for (now of ${JSON.stringify(times)}) {
  const before = looks;
  process.kill(process.pid, 'SIGINT');
  while (looks === before) await turn();
  writeSync(1, \`\${now} \${signal.aborted}\\n\`);
}
process.exit();
`;
  using spawned = new Spawned([process.execPath, '--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { child } = spawned;
  const [[, by], printed] = await Promise.all([
    once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
    text(child.stdout as NonNullable<typeof child.stdout>),
  ]);
  return { lines: printed.trimEnd().split('\n'), by };
}

it('a signal that comes again within a second is the same one, passed on', async () => {
  expect(await interruptedAt([5000, 5001, 5999])).toEqual({ lines: ['5000 true', '5001 true', '5999 true'], by: null });
});

it('a signal that comes later ends the command at once, also after one that was passed on', async () => {
  expect(await interruptedAt([5000, 5001, 6000])).toEqual({ lines: ['5000 true', '5001 true'], by: 'SIGINT' });
});
