import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TARGETS, targetsOfHost } from '@psutil-extra/release/binaries/targets';
import { platformManifest } from '@psutil-extra/release/packages/manifests';
import { packAll } from '@psutil-extra/release/packages/pack';
import { binaryOf, manifestIn, NATIVE } from '@psutil-extra/release/repository';
import { type Registry, registryOf } from './registry.js';

/** This clone's packages, packed, in a registry. */
export interface Shelf extends Registry {
  /** The tarball of psutil-extra. */
  readonly client: string;
}

/** Packs all packages and serves them; for others that a package manager asks for, it is sent `elsewhere`, if anywhere. */
export async function shelf(elsewhere?: string): Promise<Shelf> {
  const folder = await mkdtemp(join(tmpdir(), 'psutil-extra-packed-'));
  const compiled = targetsOfHost();
  const packed = await packAll(
    folder,
    compiled.map((target) => ({ target, binary: binaryOf(target) })),
    TARGETS,
  );
  const native = manifestIn(NATIVE);
  const others = TARGETS.filter((target) => !compiled.includes(target));
  const manifests = others.map((target) => platformManifest(target, native));
  const registry = await registryOf(packed, manifests, elsewhere);
  return {
    url: registry.url,
    client: packed.find(({ manifest }) => manifest.name === 'psutil-extra')?.tarball as string,
    [Symbol.asyncDispose]: async () => {
      await registry[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}
