/** How NetBSD's backend is built here. See ../README.md. */
export default {
  name: 'netbsd',
  kqueue: true,
  headers: ['x86_64-netbsd-none', 'generic-netbsd'],
  flags: ['-D__NetBSD__=1'],
  target: 'x86_64-netbsd',
  /** Its headers make what they declare visible, and glibc has a sysctl() of its own. */
  link: ['-Wl,-Bsymbolic'],
};
