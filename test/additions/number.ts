import type { Addition } from './addition.js';

/** An integer that `/proc/PID/stat` has. */
export const number: Addition = {
  field: 'exitSignal',
  files: {
    // 1. The row of the schema.
    'packages/native/schema/fields/basic.mjs': {
      before: '];\n',
      put: `\
  {
    name: 'exitSignal',
    type: i32,
    cost: 'cheap',
    doc: 'The signal that its parent gets when it ends: clone(2).',
    readme: '\`number\`: the signal that its parent gets',
    linux: { sources: ['stat'], doc: 'Place 38 in \`stat\`' },
  },
`,
    },
    // 2. Where the parser finds it.
    'packages/native/src/platform/procfs/stat.h': { before: '    {39, ', put: '    {38, Field::exitSignal},\n' },
    // 3. What Linux promises.
    'test/systems/linux/promised.ts': { behind: "'startTime', 'rlimits'", put: ", 'exitSignal'" },
    // 4. A test of the field.
    'test/contract/exit-signal.test.ts': `\
import { constants } from 'node:os';
import { createClient } from 'psutil-extra';
import { expect, test } from 'vitest';
import { sleeper } from '../processes/sleeper.js';

test('the exit signal of a child is SIGCHLD', async () => {
  await using client = createClient({ threads: 1 });
  using process = await sleeper();
  expect(await client.exitSignal(process.pid)).toBe(constants.signals.SIGCHLD);
});
`,
  },
};
