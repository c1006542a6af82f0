import { bundledError } from './api/bundled-error.js';
import type * as Library from './index.js';

/**
 * The file that bundlers use for this package, by the condition `module` of its manifest, which Node does not have. Threads
 * run files, and an addon is a file, so that no part of this package can be in a bundle; it is loaded from where it is
 * installed when the program runs. If it is not installed there, the first call throws that.
 */
export const {
  AccessDeniedError,
  ClientClosedError,
  constants,
  createClient,
  FIELDS,
  NoSuchProcessError,
  NotSupportedError,
  Process,
  ProcessError,
  QueueFullError,
  WorkerError,
  ZombieProcessError,
}: typeof Library = installed() ?? missing();
export type * from './index.js';

function installed(): typeof Library | undefined {
  // Not imported: webpack replaces `createRequire` with something of its own.
  const { createRequire } = process.getBuiltinModule('node:module');
  for (const base of bases()) {
    let load: NodeJS.Require;
    let file: string;
    try {
      load = createRequire(base);
      file = load.resolve('psutil-extra');
    } catch {
      continue;
    }
    return load(file) as typeof Library;
  }
  return undefined;
}

/**
 * Where the bundle is: by the variable of CommonJS, by that of an ES module, and by the program that was started. Bundlers
 * replace the first two with nothing, `/index.js`, or the path that this file had when they ran.
 */
function* bases(): Iterable<string> {
  try {
    yield __filename;
  } catch {
    // An ES module has none.
  }
  const { url } = import.meta as { readonly url?: string };
  if (url !== undefined) yield url;
  if (process.argv[1] !== undefined) yield process.argv[1];
}

/** The same names, so that a program is loaded as far as its first call. */
function missing(): typeof Library {
  const errors = new Proxy({}, { get: () => class extends Error {} });
  return Object.setPrototypeOf({ createClient: refuse, FIELDS: [], constants: {} }, errors) as typeof Library;
}

function refuse(): never {
  throw bundledError();
}
