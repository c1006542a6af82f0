import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { arch, hostname, release } from 'node:os';

/**
 * A text that is the same for two programs that see the same processes: of one boot of a kernel, and of one PID namespace. By it, two
 * machines with the same name are distinguished from two programs on one machine.
 */
export function machineIdentity(): string {
  const facts =
    process.platform === 'linux'
      ? [line('/proc/sys/kernel/random/boot_id') || hostname(), link('/proc/self/ns/pid')]
      : [hostname(), arch(), release()];
  return createHash('sha256').update(facts.join('\n')).digest('hex').slice(0, 32);
}

function line(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
