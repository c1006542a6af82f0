import { isIP } from 'node:net';
import { InvalidArgumentError } from 'commander';
import { port } from './option-values.mjs';

/** Where a server listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** `9256`, `10.0.0.1:9256`, `[::1]:9256`. Without an address only this machine reaches it: processes say much about a machine. */
export function address(text: string): Address {
  const [, bracketed, plain, digits = ''] = /^(?:(?:\[([^\]]*)\]|([^:]*)):)?([^:]*)$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined) return { host: LOOPBACK, port: port(digits) };
  if (host === '' || host === '*') {
    throw new InvalidArgumentError('Every address of this machine is 0.0.0.0, or [::].');
  }
  if (host === 'localhost') return { host: LOOPBACK, port: port(digits) };
  if (isIP(host) !== (bracketed === undefined ? 4 : 6)) {
    throw new InvalidArgumentError('It is a port, or an address and a port: 9256, 10.0.0.1:9256, [::1]:9256.');
  }
  return { host, port: port(digits) };
}

const LOOPBACK = '127.0.0.1';
