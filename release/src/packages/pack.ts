import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Target } from '../binaries/targets.js';
import { eachOf, run } from '../program.js';
import type { Published } from './manifests.js';
import { type Compiled, stage } from './stage.js';

/** A package as it is published: one file. */
export interface Packed {
  readonly manifest: Published;
  readonly tarball: string;
  /** The file's hash, as a registry reports it. */
  readonly integrity: string;
  /** Of the file, in bytes. */
  readonly size: number;
}

/** Packs all packages into a folder, in the order in which they are to be published. */
export async function packAll(
  into: string,
  compiled: readonly Compiled[],
  asked?: readonly Target[],
): Promise<Packed[]> {
  await mkdir(into, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), 'psutil-extra-pack-'));
  try {
    return await eachOf(stage(folder, compiled, asked), availableParallelism(), async (staged) => {
      const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', into];
      const report = JSON.parse(await run('npm', args, { cwd: staged.folder })) as NpmReport;
      // npm 12 gives an object by name where npm 11 gave a list.
      const [{ filename, integrity, size }] = Object.values(report) as [NpmPacked];
      return { manifest: staged.manifest, tarball: join(into, filename), integrity, size };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface NpmPacked {
  readonly filename: string;
  readonly integrity: string;
  readonly size: number;
}

type NpmReport = readonly NpmPacked[] | Readonly<Record<string, NpmPacked>>;
