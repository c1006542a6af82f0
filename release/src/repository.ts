import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of the repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The folder of the package that holds the addon's sources. */
export const NATIVE = `${ROOT}packages/native/`;

/** The folder of what only releases need. */
export const RELEASE = `${ROOT}release/`;

/** Where a target's binary is, once built. */
export function binaryOf(target: { readonly name: string }): string {
  return `${RELEASE}build/${target.name}/${ADDON_FILE}`;
}

/** What the addon's file is called, here and in every package. */
export const ADDON_FILE = 'psutil_extra.node';

/** What stands in a manifest, as far as it is looked at here. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly files?: readonly string[];
}

/** The manifest in a folder. */
export function manifestIn(folder: string): Manifest {
  return JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as Manifest;
}
