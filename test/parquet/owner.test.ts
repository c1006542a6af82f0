import { utimesSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isAlive, type Owner, thisOwner } from '../../packages/parquet/dist/thread/owner.js';
import { UNUSED_PID } from '../processes/sleeper.js';
import { Folder } from './files.js';

afterEach(() => vi.restoreAllMocks());

const here = { ...thisOwner(10, 'here'), machineId: 'a' };

/** Whether the owner of a lock that was touched so many seconds ago lives. */
function lives(owner: Owner, by: Owner, seconds: number): boolean {
  using folder = new Folder();
  const lock = folder.file('lock');
  const now = Date.now();
  writeFileSync(lock, '');
  utimesSync(lock, now / 1000 - seconds, now / 1000 - seconds);
  return isAlive(owner, by, lock, now);
}

describe('an owner', () => {
  it('of an earlier boot of the same machine is dead', () => {
    expect(lives({ ...here, boot: 'earlier' }, here, 0)).toBe(false);
  });

  it('of the same boot is judged by its process, also where the machine has no number', () => {
    const nameless = { ...here, machineId: '' };
    expect(lives(nameless, nameless, 3600)).toBe(true);
    expect(lives({ ...nameless, start: '1' }, nameless, 0)).toBe(false);
  });

  it('of another container lives until it has not touched its lock for long', () => {
    const other = { ...here, namespace: 'another', pid: UNUSED_PID };
    expect(lives(other, here, 30)).toBe(true);
    expect(lives(other, here, 61)).toBe(false);
  });

  it('of another boot lives where machines have no number, until it has not touched its lock for long', () => {
    const nameless = { ...here, machineId: '' };
    const other = { ...nameless, boot: 'of another machine' };
    expect(lives(other, nameless, 30)).toBe(true);
    expect(lives(other, nameless, 61)).toBe(false);
  });

  it('whose boot cannot be seen from here lives until it has not touched its lock for long', () => {
    const blind = { ...here, boot: '' };
    for (const [owner, by] of [
      [here, blind],
      [blind, here],
      [{ ...blind, start: '1' }, blind],
    ] as const) {
      expect(lives(owner, by, 30)).toBe(true);
      expect(lives(owner, by, 61)).toBe(false);
    }
  });

  it('of a system that numbers neither boots nor machines is judged by its process', () => {
    vi.spyOn(process, 'platform', 'get').mockReturnValue('darwin');
    const nameless = { ...here, boot: '', machineId: '', namespace: '' };
    expect(lives(nameless, nameless, 3600)).toBe(true);
    expect(lives({ ...nameless, pid: UNUSED_PID }, nameless, 0)).toBe(false);
  });

  it('whose lock is gone does not live', () => {
    using folder = new Folder();
    expect(isAlive({ ...here, machine: 'elsewhere' }, here, folder.file('none'), Date.now())).toBe(false);
  });
});
