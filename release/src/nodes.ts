import { pathFromNpx } from './tools.js';

/** The releases of Node that everything is tried with: the oldest that is supported, and each line's newest. */
export const NODES = ['20.19.0', '22.23.3', '24.21.0', '26.10.0'] as const;

/**
 * The path of a release of Node, for this platform or another one. The packages are those that npm's `node`
 * would fetch by an install script, and so come without one.
 */
export async function nodePath(version: string, platform = `${process.platform}-${process.arch}`): Promise<string> {
  return pathFromNpx(`node-${platform}@${version}`, 'node');
}
