/** How macOS's backend is built here. See ../README.md. */
export default {
  name: 'darwin',
  kqueue: true,
  headers: ['any-darwin-any'],
  flags: [
    '-U__ELF__',
    '-D__APPLE__=1',
    '-D__MACH__=1',
    '-D__APPLE_CC__=6000',
    '-D__DYNAMIC__=1',
    // Clang 14 has none for this machine; it is only in declarations.
    '-D_Float16=float',
    '-D__ENVIRONMENT_MAC_OS_X_VERSION_MIN_REQUIRED__=130000',
  ],
  target: ['x86_64-macos', 'aarch64-macos'],
  /** int64_t is long long there and long here, which makes two names of Backend::list(). */
  link: ['-Wl,--defsym=_ZN6psutil7Backend4listERlmPKiRNS_5ArrayIiEE=_ZN6psutil7Backend4listERxmPKiRNS_5ArrayIiEE'],
};
