/** The error of the first call in a bundled program if this package is in the bundle, and not installed beside it. */
export function bundledError(): Error {
  return Object.assign(
    new Error(
      "psutil-extra runs threads from files and cannot be part of a bundle: mark it as external (esbuild: external: ['psutil-extra'], Rollup: external: ['psutil-extra'], Vite: ssr.external: ['psutil-extra'], webpack: externals: { 'psutil-extra': 'commonjs psutil-extra' }) and install it where the program runs",
    ),
    { code: 'ERR_BUNDLED' },
  );
}
