import { fileURLToPath } from 'node:url';

/**
 * How DragonFly's backend is built here. See ../README.md. zig has no headers for it. `headers` has what the backend includes,
 * under the system's names and with its numbers and layouts. The rest of the C library is musl's.
 */
export default {
  name: 'dragonfly',
  kqueue: true,
  headers: [fileURLToPath(new URL('headers', import.meta.url)), 'x86_64-linux-musl', 'generic-musl'],
  flags: ['-D__DragonFly__=1'],
};
