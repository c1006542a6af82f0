/** How OpenBSD's backend is built here. See ../README.md. */
export default {
  name: 'openbsd',
  kqueue: true,
  headers: ['x86_64-openbsd-none', 'generic-openbsd'],
  flags: ['-D__OpenBSD__=1'],
  target: ['x86_64-openbsd', 'aarch64-openbsd'],
  /** Where this machine says `long` for int64_t, OpenBSD says `long long`. */
  link: ['-Wl,--defsym=_ZN6psutil7Backend4listERlmPKiRNS_5ArrayIiEE=_ZN6psutil7Backend4listERxmPKiRNS_5ArrayIiEE'],
};
