import { fileURLToPath } from 'node:url';

/** How illumos's backend is built here: zig has no headers of it. See headers/README.md and ../README.md. */
export default {
  name: 'illumos',
  /** What is the system's own is written here; musl's serve for what every C library has alike. */
  headers: [fileURLToPath(new URL('headers', import.meta.url)), 'x86_64-linux-musl', 'generic-musl'],
  flags: [
    '-D__sun',
    '-D__SVR4',
    '-D__illumos__',
    '-D__EXTENSIONS__',
    '-D_LP64',
    // The C++ library was configured for glibc, which musl's name differs from.
    '-D__locale_t=locale_t',
  ],
};
