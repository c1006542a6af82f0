import { readFileSync } from 'node:fs';
import { release, type } from 'node:os';
import { join } from 'node:path';

/** Something that was tried, and why it did not load. */
export interface Attempt {
  readonly name: string;
  readonly error: unknown;
}

/** The folders of this package, and of what may be built here. */
export interface Place {
  /** The host's name, such as `linux-x64`. */
  readonly host: string;
  /** The folder of this package. */
  readonly folder: string;
  /** The folder that has `binding.gyp`, if any. */
  readonly gyp: string | undefined;
}

/** The error if no addon loaded: first what to do, then what was tried, and last how to build one. */
export function notLoaded(tried: readonly Attempt[], place: Place): Error {
  const disabled = tried.find(({ error }) => codeOf(error) === 'ERR_DLOPEN_DISABLED')?.error;
  const { first, last } = disabled === undefined ? adviceFor(tried, place) : { first: whyDisabled() };
  const message = [
    `psutil-extra's addon could not be loaded on ${type()} ${release()} (${place.host}, Node ${process.version}).`,
    first,
    'Tried:',
    ...tried.map(({ name, error }) => `  ${name}: ${reasonOf(error)}`),
    last,
  ].filter((part) => part !== undefined);
  return Object.assign(new Error(message.join('\n'), { cause: disabled ?? tried.at(-1)?.error }), {
    code: 'ERR_ADDON_NOT_LOADED',
  });
}

/** Node loads no addon at all. Of `--permission`, which Node 20 calls `--experimental-permission`, the process has a trace. */
function whyDisabled(): string {
  return (process as { permission?: unknown }).permission === undefined
    ? 'Node was started with --no-addons, and loads none: start it without.'
    : "Node's permission model is on, and --allow-addons was not given: start Node with it.";
}

function adviceFor(tried: readonly Attempt[], place: Place): { first?: string; last?: string } {
  if (process.env['PSUTIL_EXTRA_ADDON']) {
    return {
      first: 'The environment variable PSUTIL_EXTRA_ADDON names one, and no other is tried: correct it, or unset it.',
    };
  }
  const name = `@psutil-extra/native-${place.host}`;
  const platform = tried.find((each) => each.name === name)?.error as Error | undefined;
  if (codeOf(platform?.cause) !== 'MODULE_NOT_FOUND') return { last: `Build one ${from(place)}` };
  const install = `\
Install the package that has it: npm install ${name}${versionIn(place.folder)}
It is an optional dependency. An installation with --omit=optional lacks it, and so does one that was made on another \
system or by a lockfile from there: install again here, with optional dependencies.`;
  return { first: install, last: `Or build one ${from(place)}` };
}

/** The packages work only with others of the same version. */
function versionIn(folder: string): string {
  try {
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return `@${version}`;
  } catch {
    return '';
  }
}

function from({ gyp }: Place): string {
  if (gyp === undefined) return 'from the sources, which are not here.';
  return `\
from the sources, which takes a C++17 compiler, make and python3: \
npx node-gyp rebuild -C "${gyp}" --nodedir=nodedir`;
}

/** In one line. */
function reasonOf(error: unknown): string {
  const { message, permission, resource } = error as { message?: string; permission?: string; resource?: string };
  if (codeOf(error) === 'MODULE_NOT_FOUND') return 'there is no such file';
  if (codeOf(error) === 'ERR_ACCESS_DENIED' && permission === 'FileSystemRead') {
    return `Node's permission model is on, and it may not be read: start Node with --allow-fs-read=${resource ?? ''}`;
  }
  return String(message ?? error).split('\n')[0] as string;
}

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown } | undefined)?.code;
}
