import { readFileSync } from 'node:fs';
import { packageOf, TARGETS, targetsNamed } from '@psutil-extra/release/binaries/targets';
import { disagreements } from '@psutil-extra/release/packages/agreement';
import { nativeManifest, platformManifest, publishedManifest } from '@psutil-extra/release/packages/manifests';
import { manifestIn, NATIVE, ROOT } from '@psutil-extra/release/repository';
import { describe, expect, it, vi } from 'vitest';

const native = manifestIn(NATIVE);
const client = publishedManifest(manifestIn(`${ROOT}packages/client`));
const parquet = publishedManifest(manifestIn(`${ROOT}packages/parquet`));
const worker = publishedManifest(manifestIn(`${ROOT}packages/worker`));
const metrics = publishedManifest(manifestIn(`${ROOT}packages/metrics`));
const platforms = TARGETS.map((target) => platformManifest(target, native));
const all = [...platforms, nativeManifest(native, TARGETS), worker, client, metrics, parquet];
const { version } = client;

describe('what is published', () => {
  it('is of one version, and asks for the rest of it at that version', () => {
    expect(disagreements(all, version)).toEqual([]);
    expect(worker.dependencies).toMatchObject({ '@psutil-extra/native': version });
    expect(metrics.peerDependencies).toMatchObject({ 'psutil-extra': version });
    expect(parquet.peerDependencies).toEqual({ 'psutil-extra': version });
  });

  it('has no script for a package manager to run', () => {
    expect(all.filter((manifest) => 'scripts' in manifest || 'gypfile' in manifest)).toEqual([]);
  });

  it('names the repository, its README and its issues where a forge makes the release, and asks for no money', () => {
    vi.stubEnv('GITHUB_SERVER_URL', 'https://forge.example');
    vi.stubEnv('GITHUB_REPOSITORY', 'owner/psutil-extra');
    try {
      const [target = expect.fail('there are targets')] = TARGETS;
      for (const manifest of [
        publishedManifest(manifestIn(`${ROOT}packages/client`)),
        platformManifest(target, native),
      ]) {
        expect(manifest).toMatchObject({
          homepage: 'https://forge.example/owner/psutil-extra#readme',
          bugs: { url: 'https://forge.example/owner/psutil-extra/issues' },
          repository: { type: 'git', url: 'git+https://forge.example/owner/psutil-extra.git' },
        });
        expect(manifest).not.toHaveProperty('funding');
      }
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('is published with a proof of the commit and the workflow that made it', () => {
    const release = readFileSync(`${ROOT}release/src/packages/release.ts`, 'utf8');
    expect(release).toMatch(/'publish', tarball, .*'--provenance'/);
  });

  it('says for which system, processor and C library a binary is', () => {
    const [musl] = targetsNamed(['linux-arm64-musl']);
    expect(platforms.find(({ name }) => name === '@psutil-extra/native-linux-arm64-musl')).toMatchObject({
      os: ['linux'],
      cpu: ['arm64'],
      libc: ['musl'],
    });
    expect(musl && packageOf(musl)).toBe('@psutil-extra/native-linux-arm64-musl');
    expect(platforms.find(({ name }) => name === '@psutil-extra/native-netbsd-x64')).not.toHaveProperty('libc');
  });

  it('is refused where it is of several versions, or asks for what is not there', () => {
    const older = { ...worker, version: '0.0.9' };
    expect(disagreements([older, client], version)).toEqual([
      `@psutil-extra/worker is 0.0.9, and not ${version}`,
      '@psutil-extra/worker asks for @psutil-extra/native, which is not packed',
      'psutil-extra asks for @psutil-extra/native, which is not packed',
      'psutil-extra asks for @psutil-extra/metrics, which is not packed',
      'psutil-extra asks for @psutil-extra/parquet, which is not packed',
    ]);
    const loose = { ...client, dependencies: { '@psutil-extra/worker': '^0.1.0' } };
    expect(disagreements([worker, loose, metrics, parquet, nativeManifest(native, [])], version)).toEqual([
      `psutil-extra asks for @psutil-extra/worker ^0.1.0, and not ${version}`,
    ]);
  });
});

it('an unknown target is rejected with the list of the valid names', () => {
  expect(() => targetsNamed(['linux-x86'])).toThrow(/^no target linux-x86: linux-x64, .*openbsd-arm64$/);
});
