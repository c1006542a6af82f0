import { join } from 'node:path';

/**
 * The files of this package's modules. A thread requires them by these paths: to find them by the exports of a package takes a new
 * thread as long as to load them.
 */
export const MODULES: Readonly<Record<string, string>> = {
  '@psutil-extra/native': join(__dirname, 'index.js'),
  '@psutil-extra/native/protocol': join(__dirname, 'protocol/index.js'),
};
