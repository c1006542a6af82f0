import type { ConnectionFamily, ConnectionState, ConnectionType } from './enums.generated.js';

/** An address and a port. */
export interface SocketAddress {
  address: string;
  port: number;
}

/** An open socket. */
export interface Connection {
  /** Number of the descriptor. */
  fd: number;
  family: ConnectionFamily;
  type: ConnectionType;
  /** Address and port, or the name of a unix socket (`'@name'` of an abstract one); `null` if it has none. */
  local: SocketAddress | string | null;
  /** As `local`, of the other side; `null` if it is not connected. */
  remote: SocketAddress | string | null;
  /** Of TCP; `null` for others. */
  state: ConnectionState | null;
}

/** @internal A socket as it is in a frame. */
export interface RawConnection {
  readonly fd: number;
  readonly family: ConnectionFamily;
  readonly type: ConnectionType;
  readonly local?: string;
  readonly localPort?: number;
  readonly remote?: string;
  readonly remotePort?: number;
  readonly state?: ConnectionState;
}

/** @internal */
export function connections(raw: readonly RawConnection[]): Connection[] {
  return raw.map(({ fd, family, type, local, localPort, remote, remotePort, state = null }) => ({
    fd,
    family,
    type,
    local: side(local, localPort),
    remote: side(remote, remotePort),
    state,
  }));
}

function side(address: string | undefined, port: number | undefined): SocketAddress | string | null {
  if (address === undefined) return null;
  return port === undefined ? address : { address, port };
}
