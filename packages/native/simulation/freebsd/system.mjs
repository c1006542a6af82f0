/** How FreeBSD's backend is built here. See ../README.md. */
export default {
  name: 'freebsd',
  kqueue: true,
  /** Folders of headers, beneath zig's `lib/libc/include`. */
  headers: ['x86_64-freebsd-none', 'generic-freebsd'],
  /** What the system's own compiler defines, and the target of glibc does not. */
  flags: ['-D__FreeBSD__=14'],
  /** The real target, for which zig compiles the backend too. */
  target: 'x86_64-freebsd',
};
