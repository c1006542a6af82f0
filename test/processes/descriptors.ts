import { execFileSync } from 'node:child_process';

/** A descriptor as lsof(8) lists it. */
export interface Listed {
  readonly fd: number;
  /** `REG`, `DIR`, `FIFO`, `CHR`, `IPv4`… */
  readonly type: string;
  readonly name: string;
  readonly inode: number;
}

/** The open descriptors of a process, without what it has mapped. */
export function lsof(pid: number): Listed[] {
  const text = execFileSync('lsof', ['-w', '-nP', '-a', '-p', String(pid), '-d', '0-9999', '-F', 'ftin'], {
    encoding: 'utf8',
  });
  return text
    .split(/^f/m)
    .slice(1)
    .map((part) => {
      const [fd, ...lines] = part.split('\n');
      const of = (letter: string) => lines.find((line) => line.startsWith(letter))?.slice(1) ?? '';
      return { fd: Number(fd), type: of('t'), name: of('n'), inode: Number(of('i')) };
    });
}

/** `'tcp LISTEN 127.0.0.1:80 0.0.0.0:*'`: each socket of a process as ss(8) prints it. */
export function ss(pid: number): string[] {
  const lines = execFileSync('ss', ['-Hntuap'], { encoding: 'utf8' }).split('\n');
  return lines
    .filter((line) => line.includes(`,pid=${pid},`))
    .map((line) => {
      const [protocol, state, , , local, remote] = line.trim().split(/\s+/);
      return [protocol, state, local, remote].join(' ');
    });
}
