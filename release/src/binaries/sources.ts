import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { NATIVE, RELEASE } from '../repository.js';
import type { Target } from './targets.js';

const require = createRequire(`${NATIVE}package.json`);

/** What a target's binary is compiled from, and how; `sources.gypi` is where this is written down. */
export interface Recipe {
  /** Absolute paths. */
  readonly sources: readonly string[];
  /** For each of them. */
  readonly flags: readonly string[];
  /** Which backend is among the sources; `unsupported` where the target's system has none yet. */
  readonly backend: string;
}

export function recipeFor({ system }: Target): Recipe {
  const variables = gypVariables();
  const backend = `psutil_${system}_sources` in variables ? system : 'unsupported';
  const common = listNamed(variables, 'psutil_common_sources');
  const own = listNamed(variables, `psutil_${backend}_sources`);
  return {
    backend,
    sources: [...common, ...own].map((source) => `${NATIVE}${source}`).concat(`${RELEASE}native/runtime.cc`),
    flags: [
      ...listNamed(variables, 'psutil_cflags'),
      ...listNamed(variables, 'psutil_defines').map((define) => `-D${define}`),
      `-I${NATIVE}src`,
      ...headerFolders().flatMap((folder) => ['-isystem', folder]),
    ],
  };
}

/** The folders of Node-API's headers, which come from npm and are the same for every target. */
export function headerFolders(): readonly string[] {
  return ['node-addon-api', 'node-api-headers'].map((name) => {
    const { include_dir: folder } = require(name) as { include_dir: string };
    // One gives an absolute path, the other one from the working directory.
    return resolve(folder);
  });
}

/** The functions of libuv that a Node has and the addon calls: `src/binding/loop_poll.cc`. */
const LOOP_FUNCTIONS = [
  'uv_close',
  'uv_handle_get_data',
  'uv_handle_set_data',
  'uv_handle_size',
  'uv_poll_init',
  'uv_poll_start',
  'uv_poll_stop',
  'uv_unref',
];

/** The functions of Node-API that a Node has which knows the version that the addon is compiled for, and those of its loop. */
export function nodeApiFunctions(): readonly string[] {
  const defines = listNamed(gypVariables(), 'psutil_defines');
  const version = defines.find((define) => define.startsWith('NAPI_VERSION='))?.split('=')[1];
  const { symbols } = require('node-api-headers') as { symbols: Record<string, NodeApiSymbols> };
  const known = symbols[`v${version}`];
  if (known === undefined) throw new Error(`node-api-headers does not list Node-API ${version}`);
  return [...known.js_native_api_symbols, ...known.node_api_symbols, ...LOOP_FUNCTIONS];
}

interface NodeApiSymbols {
  readonly js_native_api_symbols: readonly string[];
  readonly node_api_symbols: readonly string[];
}

function gypVariables(): Record<string, unknown> {
  const { variables } = JSON.parse(readFileSync(`${NATIVE}sources.gypi`, 'utf8')) as {
    variables: Record<string, unknown>;
  };
  return variables;
}

function listNamed(variables: Record<string, unknown>, name: string): readonly string[] {
  const list = variables[name];
  if (!Array.isArray(list)) throw new Error(`sources.gypi has no list ${name}`);
  return list as string[];
}
