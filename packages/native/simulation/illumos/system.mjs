import { fileURLToPath } from 'node:url';

/** How illumos's backend is built here. zig has no headers for it. See headers/README.md and ../README.md. */
export default {
  name: 'illumos',
  /** Our headers for what differs on the system, and musl's for the rest. */
  headers: [fileURLToPath(new URL('headers', import.meta.url)), 'x86_64-linux-musl', 'generic-musl'],
  flags: [
    '-D__sun',
    '-D__SVR4',
    '-D__illumos__',
    '-D__EXTENSIONS__',
    '-D_LP64',
    // The C++ library was configured for glibc, whose name for this differs from musl's.
    '-D__locale_t=locale_t',
  ],
};
