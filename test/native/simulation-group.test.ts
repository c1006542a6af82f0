import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { answerOf } from '../processes/node.js';
import { until } from '../processes/until.js';

const GROUP = fileURLToPath(new URL('../../packages/native/simulation/group.mjs', import.meta.url));
const LOOP = 'for (;;);';

/** The outcome of a program that starts one which never ends, and prints its PID. */
function ran(andThen: string, timeout: number): Promise<{ code: number | null; output: string }> {
  const program = `
    const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(LOOP)}], { stdio: 'inherit' });
    console.log(child.pid);
    ${andThen}`;
  return answerOf(
    `import { runGroup } from ${JSON.stringify(GROUP)};
     const args = ['-e', process.argv[1]];
     console.log(JSON.stringify(await runGroup(process.execPath, args, {}, Number(process.argv[2]))));`,
    { args: [program, String(timeout)] },
  );
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test.each([
  ['the run takes too long', '', 4000, null],
  ['the run ends without it', 'child.unref(); process.exitCode = 3;', 60_000, 3],
])('a fork in a loop without end is ended where %s', async (_, andThen, timeout, expected) => {
  const { code, output } = await ran(andThen, timeout);
  expect(code).toBe(expected);
  const pid = Number(output);
  expect(pid).toBeGreaterThan(0);
  await until(`process ${pid} has ended`, () => !isRunning(pid));
});
