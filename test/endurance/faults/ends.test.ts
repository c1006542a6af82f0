import { expect, test } from 'vitest';
import { type Ended, runNode } from '../../processes/node.js';
import { report, scaled } from '../scale.js';

/** The first thread answers with an error that is not handled, while the second one is still loading its files. */
const PROGRAM = `import { createClient } from 'psutil-extra';
  createClient({ threads: 2 }).umask(0);`;

test('a program that ends while its threads start ends as it would without them', async () => {
  const ended: Ended[] = [];
  const programs = scaled(16, 2000);
  // Several at once: on a machine that has nothing else to do, threads begin too soon.
  const row = async () => {
    while (ended.length < programs) ended.push(await runNode(PROGRAM));
  };
  await Promise.all(Array.from({ length: 8 }, row));
  for (const { code, signal, stderr } of ended) {
    expect({ code, signal, stderr }).toEqual({
      code: 1,
      signal: null,
      stderr: expect.stringContaining("code: 'ESRCH'"),
    });
    expect(stderr).not.toMatch(/Assertion|Native stack/);
  }
  report(`ends: ${ended.length} programs ended while their threads began`);
});
