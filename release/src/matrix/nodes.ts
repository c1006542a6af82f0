import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { NODES, nodePath } from '../nodes.js';
import { outcomeOf } from '../program.js';
import { ROOT } from '../repository.js';
import type { Proof } from './proof.js';

/** Under each release of Node, all tests, in processes that are of that release too. */
export const nodeProofs: readonly Proof[] = NODES.map((version) => ({
  name: `node-${version}`,
  prove: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'psutil-extra-node-'));
    try {
      const node = await nodePath(version);
      // Tests start `node` by its name as well, as the shebang of a command does.
      mkdirSync(join(folder, 'bin'));
      symlinkSync(node, join(folder, 'bin/node'));
      const env = { ...process.env, NO_COLOR: '1', PATH: `${join(folder, 'bin')}${delimiter}${process.env['PATH']}` };
      const vitest = `${ROOT}node_modules/vitest/vitest.mjs`;
      const { code, stdout, stderr } = await outcomeOf(node, [vitest, 'run'], { cwd: ROOT, env });
      if (code !== 0) throw new Error(stdout + stderr);
      return /Tests {2}(.*)/.exec(stdout)?.[1] ?? '';
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
}));
