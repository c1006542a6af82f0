// Builds the addon with a sanitizer, for runs in Node.
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { buildPrograms } from './build.mjs';

const require = createRequire(import.meta.url);
const run = promisify(execFile);
const NODE_HEADERS = [require('node-api-headers').include_dir, dirname(require.resolve('node-addon-api'))];

/** The flags of each sanitizer, and its library, which must be loaded before Node. */
const SANITIZERS = {
  address: { flags: '-fsanitize=address,undefined -fno-sanitize-recover=all', library: 'libasan.so' },
  thread: { flags: '-fsanitize=thread', library: 'libtsan.so' },
};

/** Builds the addon for Linux and resolves to its path and that of the sanitizer's library. */
export async function buildSanitizedAddon(sanitizer) {
  const { flags, library } = SANITIZERS[sanitizer];
  const [addon] = await buildPrograms(`Makefile.addon-${sanitizer}`, (variables) => [
    {
      name: `psutil_extra-${sanitizer}.node`,
      build: {
        folder: `addon-${sanitizer}`,
        flags: `-O1 -g -fno-omit-frame-pointer -fPIC ${flags} ${NODE_HEADERS.map((path) => `-isystem "${path}"`).join(' ')}`,
        testFlags: '',
      },
      link: '-shared',
      sources: [...variables.psutil_common_sources, ...variables.psutil_linux_sources],
    },
  ]);
  const { stdout } = await run(process.env.CXX ?? 'c++', [`-print-file-name=${library}`]);
  return { addon: addon.path, library: stdout.trim() };
}
