import { join } from 'node:path';

/**
 * The file of this package's module. A thread requires it by this path: to find it by the exports of a package takes a new
 * thread as long as to load it.
 */
export const MODULES: Readonly<Record<string, string>> = {
  '@psutil-extra/native': join(__dirname, 'index.js'),
};
