import { realpath } from 'node:fs/promises';
import { run } from '@psutil-extra/release/program';
import { pathFromNpx, TOOLS, toolPath } from '@psutil-extra/release/tools';

/** A way to install packages, and to run a program that uses them. */
export interface PackageManager {
  readonly name: string;
  /** The files of a project that set the registry of the scope. */
  readonly configuration: (url: string) => Promise<Readonly<Record<string, string>>>;
  /** A program of Node's and its arguments, which installs. */
  readonly command: () => Promise<readonly string[]>;
  /** The release of Node that it needs, where that is not the one which runs the tests. */
  readonly node?: string;
  /** Whether it looks at `libc` in a manifest, and so leaves out what is for another one. */
  readonly knowsLibc: boolean;
  /** Whether `require` finds modules that it has installed: Node passes by Plug'n'Play's hooks there. */
  readonly isFoundByRequire: boolean;
  /** Node's arguments that let a program find what it has installed. */
  readonly findsBy?: readonly string[];
}

export const PACKAGE_MANAGERS: readonly PackageManager[] = [
  {
    name: 'npm 11',
    configuration: npmrc,
    command: async () => [
      await fromNpx('npm@11.21.2', 'npm'),
      'install',
      '--no-audit',
      '--no-fund',
      '--foreground-scripts',
    ],
    knowsLibc: true,
    isFoundByRequire: true,
  },
  {
    name: 'npm 12',
    configuration: npmrc,
    command: async () => [
      await fromNpx('npm@12.2.0', 'npm'),
      'install',
      '--no-audit',
      '--no-fund',
      '--foreground-scripts',
    ],
    node: '22.23.3',
    knowsLibc: true,
    isFoundByRequire: true,
  },
  {
    name: TOOLS.pnpm,
    configuration: npmrc,
    command: async () => [await realpath(await toolPath('pnpm', 'pnpm')), 'install', '--reporter=append-only'],
    knowsLibc: true,
    isFoundByRequire: true,
  },
  {
    name: TOOLS.yarnClassic,
    configuration: npmrc,
    command: async () => [
      await realpath(await toolPath('yarnClassic', 'yarn')),
      'install',
      '--non-interactive',
      // The packages of this version change with each test, and it keeps them for all projects of a machine.
      '--cache-folder',
      '.yarn-cache',
    ],
    knowsLibc: false,
    isFoundByRequire: true,
  },
  {
    name: `${TOOLS.yarnBerry} with node_modules`,
    configuration: (url) => yarnrc(url, 'node-modules'),
    command: async () => [await realpath(await toolPath('yarnBerry', 'yarn')), 'install', '--no-immutable'],
    knowsLibc: true,
    isFoundByRequire: true,
  },
  {
    name: `${TOOLS.yarnBerry} with Plug'n'Play`,
    configuration: (url) => yarnrc(url, 'pnp'),
    command: async () => [await realpath(await toolPath('yarnBerry', 'yarn')), 'install', '--no-immutable'],
    knowsLibc: true,
    isFoundByRequire: false,
    findsBy: ['--require', './.pnp.cjs', '--experimental-loader', './.pnp.loader.mjs', '--no-warnings'],
  },
];

async function fromNpx(specifier: string, command: string): Promise<string> {
  return realpath(await pathFromNpx(specifier, command));
}

async function npmrc(url: string): Promise<Record<string, string>> {
  return { '.npmrc': `@psutil-extra:registry=${url}/\n` };
}

/** Yarn 4 reads no `.npmrc`, so this sets the registry that npm uses for everything else. */
async function yarnrc(url: string, nodeLinker: string): Promise<Record<string, string>> {
  const settings = {
    nodeLinker,
    // The packages of this version, and the port of their registry, change with each test: it keeps packages and their
    // metadata for all projects of a user.
    enableMirror: false,
    globalFolder: './.yarn-global',
    npmRegistryServer: (await run('npm', ['config', 'get', 'registry'])).trim(),
    npmScopes: { 'psutil-extra': { npmRegistryServer: url } },
    unsafeHttpWhitelist: ['127.0.0.1'],
    enableTelemetry: false,
    enableGlobalCache: false,
  };
  // YAML takes JSON.
  return { '.yarnrc.yml': JSON.stringify(settings), 'yarn.lock': '' };
}
