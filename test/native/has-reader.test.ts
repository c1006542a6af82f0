import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAddon } from '@psutil-extra/native';
import { describe, expect, it } from 'vitest';

const { hasReader } = loadAddon();

describe('hasReader()', () => {
  it('is true until the last reader of a pipe has closed it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'psutil-extra-pipe-'));
    try {
      const path = join(folder, 'pipe');
      execFileSync('mkfifo', [path]);
      const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
      const writer = openSync(path, constants.O_WRONLY);
      try {
        expect(hasReader(writer)).toBe(true);
        closeSync(reader);
        expect(hasReader(writer)).toBe(false);
      } finally {
        closeSync(writer);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is true of a file, which anyone may read later', () => {
    const fd = openSync('/dev/null', 'w');
    expect(hasReader(fd)).toBe(true);
    closeSync(fd);
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 31, '1', undefined])('refuses %s', (fd) => {
    expect(() => hasReader(fd as number)).toThrow('The "fd" argument must be a descriptor');
  });
});
