import { fileURLToPath } from 'node:url';

/**
 * How DragonFly's backend is built here. See ../README.md. zig has no headers for it: `headers` holds what the
 * backend includes, by the system's own names and with its numbers and layouts; the C of the standard beneath is musl's.
 */
export default {
  name: 'dragonfly',
  headers: [fileURLToPath(new URL('headers', import.meta.url)), 'x86_64-linux-musl', 'generic-musl'],
  flags: ['-D__DragonFly__=1'],
};
