import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { type Staged, stage } from '@psutil-extra/release/packages/stage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const into = mkdtempSync(join(tmpdir(), 'psutil-extra-staged-'));
let packages: ReadonlyMap<string, Staged>;

beforeAll(() => {
  packages = new Map(stage(into, [], []).map((each) => [each.manifest.name, each]));
});

afterAll(() => rmSync(into, { recursive: true }));

/** What people copy who run it as a service. */
const DEPLOYED = [
  'Dockerfile',
  'grafana-dashboard.json',
  'groups.json',
  'kubernetes.yaml',
  'psutil-extra-metrics.service',
  'rules.test.yaml',
  'rules.yaml',
].map((file) => `deploy/${file}`);

function filesOf(name: string): string[] {
  const { folder } = packages.get(name) as Staged;
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

describe('a package as it is published', () => {
  it.each(['psutil-extra', '@psutil-extra/worker', '@psutil-extra/metrics', '@psutil-extra/parquet'])(
    '%s has JavaScript, declarations and documents alone',
    (name) => {
      const others = filesOf(name).filter((file) => !/^dist\/.*(?:\.[cm]?js|\.d\.[cm]?ts|\/package\.json)$/.test(file));
      const documents = [
        'LICENSE',
        'README.md',
        'package.json',
        ...(name === 'psutil-extra' ? ['man/psutil-extra.1', 'remote/package.json', 'arrow/package.json'] : []),
        ...(name === '@psutil-extra/metrics' ? DEPLOYED : []),
      ];
      expect(others.sort()).toEqual(documents.sort());
    },
  );

  it.each(['psutil-extra', '@psutil-extra/worker', '@psutil-extra/native', '@psutil-extra/metrics'])(
    '%s refers to no source map',
    (name) => {
      const { folder } = packages.get(name) as Staged;
      const files = filesOf(name).filter((file) => file.startsWith('dist/'));
      expect(files.length).toBeGreaterThan(10);
      expect(files.filter((file) => readFileSync(join(folder, file), 'utf8').includes('sourceMappingURL='))).toEqual(
        [],
      );
    },
  );

  it('has the declarations that a program can import, and not those of inner files', () => {
    const files = filesOf('psutil-extra');
    expect(files).toEqual(expect.arrayContaining(['dist/index.d.ts', 'dist/index.d.mts', 'dist/api/client.d.ts']));
    expect(files.filter((file) => /^dist\/(?:cli\/.*|schema\/decode|calls\/\w*)\.d\.ts$/.test(file))).toEqual([]);
  });

  it('has modules that are loaded together in one file, and not one by one', () => {
    const files = filesOf('psutil-extra').filter((file) => /^dist\/(?!cli\/).*\.[cm]?js$/.test(file));
    expect(files.sort()).toEqual([
      'dist/api/bundled-error.js',
      'dist/arrow.js',
      'dist/arrow.mjs',
      'dist/bundled.mjs',
      'dist/index.js',
      'dist/index.mjs',
      'dist/packed/arrow.js',
      'dist/packed/call-parts.js',
      'dist/packed/calls.js',
      'dist/packed/client.js',
      'dist/packed/lazy-parts.js',
      'dist/packed/remote.js',
      'dist/remote.js',
      'dist/remote.mjs',
    ]);
  });

  it('has of C++ what a source build takes', () => {
    const native = filesOf('@psutil-extra/native').filter((file) => file.startsWith('source/'));
    const others = native.filter((file) => !/\.(?:cc|h|gypi?)$/.test(file) || file.includes('.bpf.'));
    expect(others).toEqual([]);
    expect(native).toEqual(expect.arrayContaining(['source/binding.gyp', 'source/src/platform/linux/bpf/program.h']));
  });
});
