import type { Client } from 'psutil-extra';

/** A client as this one, and a signal that aborts when its scans are more than so many. `before` is awaited before each. */
export function counted(
  client: Client,
  readings: number,
  before: (scan: number) => unknown = () => undefined,
): { client: Client; signal: AbortSignal } {
  const end = new AbortController();
  let scans = 0;
  const scan = async (options: { readonly pids?: readonly number[] }) => {
    // One of no PIDs only checks the fields.
    if (options.pids === undefined) {
      if (++scans > readings) end.abort();
      await before(scans);
    }
    return client.scan(options);
  };
  const counting = Object.create(client, {
    scan: { value: scan },
    supports: { value: client.supports.bind(client) },
  }) as Client;
  return { client: counting, signal: end.signal };
}
