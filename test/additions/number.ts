import type { Addition } from './addition.js';

/** An integer that `/proc/PID/stat` has. */
export const number: Addition = {
  field: 'niceness',
  files: {
    // 1. The row of the schema.
    'packages/native/schema/fields.mjs': {
      before: '];\n',
      put: `\
  {
    name: 'niceness',
    type: i32,
    cost: 'cheap',
    doc: 'How much it yields to others, from -20 to 19: getpriority(2).',
    readme: '\`number\`: from -20 to 19',
    linux: { sources: ['stat'], doc: 'Place 19 in \`stat\`' },
  },
`,
    },
    // 2. Where the parser finds it.
    'packages/native/src/platform/procfs/stat.h': { before: '    {20, ', put: '    {19, Field::niceness},\n' },
    // 3. What Linux promises.
    'test/systems/linux/promised.ts': { behind: "'startTime', 'rlimits'", put: ", 'niceness'" },
    // 4. A test of the field.
    'test/contract/niceness.test.ts': `\
import { createClient } from 'psutil-extra';
import { expect, test } from 'vitest';
import { ps } from '../processes/proc.js';
import { sleeper } from '../processes/sleeper.js';

test('the niceness is what ps prints', async () => {
  await using client = createClient({ threads: 1 });
  using process = await sleeper(['nice', '-n', '7']);
  const [printed] = ps(process.pid, 'ni').map(Number);
  expect(printed).toBeGreaterThanOrEqual(7);
  expect(await client.niceness(process.pid)).toBe(printed);
});
`,
  },
};
