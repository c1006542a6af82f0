import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMusl } from '../../packages/native/dist/libc.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'psutil-extra-libc-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the C library of a program', () => {
  it.each([
    { loader: '/lib/ld-musl-x86_64.so.1', musl: true },
    { loader: '/lib64/ld-linux-x86-64.so.2', musl: false },
    // NixOS has neither where others do.
    { loader: '/nix/store/abc-musl-1.2.5/lib/ld-musl-x86_64.so.1', musl: true },
    { loader: '/nix/store/abc-glibc-2.40/lib/ld-linux-x86-64.so.2', musl: false },
  ])('is that of its loader, $loader', ({ loader, musl }) => {
    expect(isMusl([linked(`-Wl,--dynamic-linker=${loader}`)])).toBe(musl);
  });

  it('is found in a file of 32 bits in the other byte order, as those of an old MIPS', () => {
    const file = join(folder, 'mips');
    writeFileSync(file, mips('/lib/ld-musl-mips.so.1'));
    expect(isMusl([file])).toBe(true);
  });

  it('is that of the next file, where one is no program, has no loader, or is cut short', () => {
    const musl = linked('-Wl,--dynamic-linker=/lib/ld-musl-x86_64.so.1', 'musl');
    const script = join(folder, 'script');
    writeFileSync(script, '#!/bin/sh\n');
    const short = join(folder, 'short');
    for (const length of [0, 3, 20, 63, 64, 100]) {
      writeFileSync(short, readFileSync(musl));
      truncateSync(short, length);
      expect(isMusl([short, musl])).toBe(true);
      expect(isMusl([short])).toBe(isAlpine());
    }
    expect(isMusl([join(folder, 'missing'), folder, script, linked('-static'), musl])).toBe(true);
  });

  it('is this one’s own, by either of the files that it is in', ({ skip }) => {
    skip(process.platform !== 'linux', 'only Linux has two C libraries');
    const own = readFileSync('/proc/self/maps', 'utf8').includes('/ld-musl-');
    expect(isMusl()).toBe(own);
    expect(isMusl([process.execPath])).toBe(own);
  });
});

function isAlpine(): boolean {
  try {
    return readFileSync('/etc/alpine-release', 'utf8') !== '';
  } catch {
    return false;
  }
}

/** A program as the linker makes it, which is not to be run. */
function linked(flag: string, name = 'program'): string {
  const source = join(folder, 'main.c');
  const program = join(folder, name);
  writeFileSync(source, 'int main(void) { return 0; }\n');
  execFileSync('cc', [source, '-o', program, flag]);
  return program;
}

/** A header and the one segment that names a loader. */
function mips(loader: string): Buffer {
  const bytes = Buffer.alloc(256);
  bytes.write('\x7fELF', 'latin1');
  bytes.writeUInt8(1, 4);
  bytes.writeUInt8(2, 5);
  bytes.writeUInt32BE(52, 28);
  bytes.writeUInt16BE(32, 42);
  bytes.writeUInt16BE(1, 44);
  bytes.writeUInt32BE(3, 52);
  bytes.writeUInt32BE(128, 56);
  bytes.writeUInt32BE(loader.length + 1, 68);
  bytes.write(loader, 128, 'latin1');
  return bytes;
}
