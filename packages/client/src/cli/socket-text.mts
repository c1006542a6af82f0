import type { Connection } from 'psutil-extra';
import { escapeName } from './escape.mjs';

/** What ss(8) calls the kind of a socket: `tcp`, `udp6`, `unix`, `unix/dgram`. */
export function protocolText({ family, type }: Pick<Connection, 'family' | 'type'>): string {
  if (family === 'unix') return type === 'stream' ? 'unix' : `unix/${type}`;
  const protocol = { stream: 'tcp', dgram: 'udp', seqpacket: 'seqpacket', raw: 'raw' }[type];
  return family === 'inet6' ? `${protocol}6` : protocol;
}

/** One side of a socket: `127.0.0.1:80`, `[::1]:80`, or the name of a unix socket. */
export function endText(end: Exclude<Connection['local'], null>): string {
  if (typeof end === 'string') return escapeName(end);
  const { address, port } = end;
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}
