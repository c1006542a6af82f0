import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { allowedFor, complaintsAbout, listOf, parseAllowed } from '@psutil-extra/release/binaries/allowed';
import { EXPORTS } from '@psutil-extra/release/binaries/build';
import { asShipped } from '@psutil-extra/release/binaries/built-here';
import { readBinary } from '@psutil-extra/release/binaries/read-binary';
import { TARGETS } from '@psutil-extra/release/binaries/targets';
import { afterAll, describe, expect, it } from 'vitest';
import { nameOf, thisHost } from '../../packages/native/dist/host.js';
import { machO } from './mach-o-file.js';

const folder = mkdtempSync(join(tmpdir(), 'psutil-extra-imports-'));
afterAll(() => rmSync(folder, { recursive: true }));

// Where the addon that was built here is one.
describe.runIf(process.platform !== 'darwin')('an ELF file', () => {
  const built = readBinary(
    readFileSync(new URL('../../packages/native/build/Release/psutil_extra.node', import.meta.url)),
  );

  it('lists every function that it imports, as nm does', () => {
    const path = fileURLToPath(new URL('../../packages/native/build/Release/psutil_extra.node', import.meta.url));
    const listed = execFileSync('nm', ['-D', '--undefined-only', path], { encoding: 'utf8' });
    const names = listed
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/)[1] as string);
    const read = built.imports.map(({ name, version }) => (version === undefined ? name : `${name}@${version}`));
    expect(read.sort()).toEqual(names.sort());
  });

  it('lists its libraries', () => {
    expect(built.libraries.filter((library) => /^libc\.(so|musl)/.test(library))).toHaveLength(1);
  });

  it('exports what Node looks for', () => {
    expect(built.exports).toEqual(expect.arrayContaining([...EXPORTS]));
  });
});

// The first check of a change, because it takes no other compiler: `npm run prebuild` does the same with zig.
describe('the addon that was built here', () => {
  const target = TARGETS.find(({ os, name }) => os === 'linux' && name === nameOf(thisHost()));

  it.runIf(target)('imports nothing beyond the list of its target', () => {
    const allowed = allowedFor(target as (typeof TARGETS)[number]);
    const built = readBinary(
      readFileSync(new URL('../../packages/native/build/Release/psutil_extra.node', import.meta.url)),
    );
    expect(complaintsAbout(asShipped(built, allowed), allowed)).toEqual([]);
    // Lists that lack one of its imports: each is named.
    const own = built.imports.filter(({ name }) => allowed.imports.has(name) && !allowed.moved.has(name));
    expect(own.length).toBeGreaterThan(20);
    for (const { name } of own) {
      const lacking = { ...allowed, imports: new Set([...allowed.imports].filter((each) => each !== name)) };
      expect(complaintsAbout(asShipped(built, lacking), lacking)).toContain(`it imports ${name}`);
    }
  });

  it.each([
    { compiled: 'by gcc', name: '_ZNSt6chrono3_V212steady_clock3nowEv', version: 'GLIBCXX_3.4.19', complaints: [] },
    {
      compiled: 'with a local static',
      name: '__cxa_guard_acquire',
      version: 'CXXABI_1.3',
      complaints: ['it imports __cxa_guard_acquire'],
    },
    { compiled: 'with large files', name: 'open64', version: 'GLIBC_2.2.5', complaints: [] },
    { compiled: 'with _FORTIFY_SOURCE', name: '__openat64_2', version: 'GLIBC_2.7', complaints: [] },
    { compiled: 'with _FORTIFY_SOURCE', name: '__read_chk', version: 'GLIBC_2.4', complaints: [] },
    { compiled: 'as C23', name: '__isoc23_sscanf', version: 'GLIBC_2.38', complaints: [] },
    { compiled: 'where it has moved', name: 'pthread_sigmask', version: 'GLIBC_2.32', complaints: [] },
    { compiled: 'with more', name: 'pipe64', version: 'GLIBC_2.2.5', complaints: ['it imports pipe64'] },
    {
      compiled: 'with what is new',
      name: 'read',
      version: 'GLIBC_2.99',
      complaints: ['it imports read of version GLIBC_2.99'],
    },
    {
      compiled: 'with what moved, unlisted',
      name: 'dlopen',
      version: 'GLIBC_2.34',
      complaints: ['it imports dlopen', 'it imports dlopen of version GLIBC_2.34'],
    },
  ])('is read as it would be published: $name, compiled $compiled', ({ name, version, complaints }) => {
    const allowed = parseAllowed(
      'library libc.so.6\nnewest GLIBC_2.17\nfrom libpthread.so.0 pthread_sigmask\nopen\nopenat\nread\n__isoc99_sscanf\n',
      [],
    );
    const libraries = ['libstdc++.so.6', 'libgcc_s.so.1', 'libc.so.6'];
    const built = { libraries, imports: [{ name, version }], exports: [...EXPORTS, '_ZNSt6vectorIiE'] };
    expect(complaintsAbout(asShipped(built, allowed), allowed)).toEqual(complaints);
  });

  it('is read as it would be published: musl by the name that Alpine gives it', () => {
    const allowed = parseAllowed('library libc.so\n', []);
    const built = { libraries: ['libc.musl-x86_64.so.1', 'libz.so.1'], imports: [], exports: EXPORTS };
    expect(complaintsAbout(asShipped(built, allowed), allowed)).toEqual(['it needs the library libz.so.1']);
  });
});

describe('a Mach-O file', () => {
  it('lists its libraries, imports and exports, without the underscore of C', () => {
    const file = machO({
      cpu: 'x64',
      libraries: ['/usr/lib/libSystem.B.dylib'],
      imports: ['_malloc'],
      exports: ['_f'],
    });
    expect(readBinary(file)).toEqual({
      libraries: ['/usr/lib/libSystem.B.dylib'],
      imports: [{ name: 'malloc' }],
      exports: ['f'],
    });
  });

  it.each([true, false])('for arm64 reports whether it is signed: %s', (signed) => {
    expect(readBinary(machO({ cpu: 'arm64', signed }))).toMatchObject({ signed });
  });
});

it('a file of another kind is not taken for a binary', () => {
  expect(() => readBinary(Buffer.from('#!/bin/sh\n'))).toThrow('neither ELF nor Mach-O: it begins with 23212f62');
});

describe('a binary that wants what its list does not allow', () => {
  const allowed = parseAllowed('library libc.so.6 # why\nnewest GLIBC_2.17\n\nmalloc\n', ['napi_throw']);
  const fine = {
    libraries: ['libc.so.6'],
    imports: [{ name: 'malloc', version: 'GLIBC_2.2.5' }, { name: 'napi_throw' }],
    exports: EXPORTS,
  };

  it.each([
    { wants: 'nothing else', binary: {}, complaints: [] },
    { wants: 'a function', binary: { imports: [{ name: 'gettid' }] }, complaints: ['it imports gettid'] },
    { wants: 'a library', binary: { libraries: ['libz.so.1'] }, complaints: ['it needs the library libz.so.1'] },
    {
      wants: 'a newer version',
      binary: { imports: [{ name: 'malloc', version: 'GLIBC_2.17.1' }] },
      complaints: ['it imports malloc of version GLIBC_2.17.1'],
    },
    { wants: 'the same version', binary: { imports: [{ name: 'malloc', version: 'GLIBC_2.17' }] }, complaints: [] },
    {
      wants: 'a version of another kind',
      binary: { imports: [{ name: 'malloc', version: 'GLIBCXX_2.1' }] },
      complaints: ['it imports malloc of version GLIBCXX_2.1'],
    },
    { wants: 'to be found', binary: { exports: [...EXPORTS, '_Znwm'] }, complaints: ['it exports _Znwm'] },
    {
      wants: 'not to be found',
      binary: { exports: [EXPORTS[0]] },
      complaints: [`it does not export ${EXPORTS[1]}, which Node looks for`],
    },
    {
      wants: 'to run unsigned',
      binary: { signed: false },
      complaints: ['it is not signed, and would be killed when it is loaded'],
    },
  ])('($wants) is reported by name', ({ binary, complaints }) => {
    expect(complaintsAbout({ ...fine, ...binary }, allowed)).toEqual(complaints);
  });

  it('is found among compiled ones', () => {
    const source = join(folder, 'newer.c');
    writeFileSync(source, 'int getpagesize(void); int newer(void) { return getpagesize(); }\n');
    execFileSync('cc', ['-shared', '-fPIC', '-o', `${source}.so`, source]);
    expect(complaintsAbout(readBinary(readFileSync(`${source}.so`)), allowed)).toEqual(
      expect.arrayContaining(['it imports getpagesize', 'it exports newer']),
    );
  });
});

describe('the lists', () => {
  it('name a library with what an older system has in there, and only so', () => {
    const { libraries, imports, moved } = parseAllowed('from libpthread.so.0 pthread_sigmask # why\n', []);
    expect([[...libraries], [...imports], [...moved]]).toEqual([
      ['libpthread.so.0'],
      ['pthread_sigmask'],
      ['pthread_sigmask'],
    ]);
  });

  it('are one a system, and each is of a target', () => {
    const files = readdirSync(new URL('../../release/imports', import.meta.url)).map(
      (file) => `release/imports/${file}`,
    );
    expect(files.sort()).toEqual([...new Set(TARGETS.map(listOf))].sort());
  });

  it.each(TARGETS)(
    '$name may call Node-API, but no version of it that is newer than the addon is compiled for',
    (target) => {
      const { imports } = allowedFor(target);
      expect(imports.has('napi_create_function')).toBe(true);
      expect(imports.has('node_api_symbol_for')).toBe(false);
    },
  );

  it('limit binaries for glibc to the oldest supported version', () => {
    const glibc = TARGETS.filter(({ libc }) => libc === 'glibc');
    expect(glibc.map((target) => allowedFor(target).newest)).toEqual(glibc.map(() => ['GLIBC_2.17']));
  });
});
