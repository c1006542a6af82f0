import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeApiFunctions } from '../binaries/sources.js';
import { targetsNamed } from '../binaries/targets.js';
import { run } from '../program.js';
import { binaryOf, RELEASE } from '../repository.js';
import { toolPath } from '../tools.js';
import type { Proof } from './proof.js';

const LOADER = '/lib/ld-musl-x86_64.so.1';

/** The binary for musl, loaded by musl's own loader and registered; npm has no Node for musl that would run it. */
export const muslProof: Proof = {
  name: 'linux-x64-musl',
  prove: async () => {
    if (!existsSync(LOADER)) await run('apt-get', ['install', '-y', '--no-install-recommends', 'musl']);
    const [target] = targetsNamed(['linux-x64-musl']);
    if (target === undefined || !existsSync(binaryOf(target)))
      throw new Error('npm run prebuild makes the binary first');
    const folder = mkdtempSync(join(tmpdir(), 'psutil-extra-musl-'));
    try {
      const functions = join(folder, 'node_api.c');
      const names = nodeApiFunctions().filter((name) => name !== 'napi_set_named_property');
      writeFileSync(functions, names.map((name) => `int ${name}(void) { return 0; }\n`).join(''));
      const host = join(folder, 'host');
      const sources = [`${RELEASE}native/host.c`, functions];
      const zig = await toolPath('zig', 'zig');
      await run(zig, ['cc', '-target', target.triple, '-dynamic', '-rdynamic', '-O1', ...sources, '-o', host]);
      const lines = (await run(LOADER, [host, binaryOf(target)])).trim().split('\n');
      for (const expected of ['Reader', 'fields', 'capabilities']) {
        if (!lines.includes(expected)) throw new Error(`it exports no ${expected}: ${lines.join(', ')}`);
      }
      return lines.join(', ');
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};
