import type { Client } from 'psutil-extra';

/** What the floor reads, and we read and parse. */
export const SCANNED = ['umask', 'groups', 'sigmasks', 'pgid', 'sid', 'rlimits'] as const;

/** One scan; how many processes there were. */
export async function scan(client: Client): Promise<number> {
  return (await client.scan({ fields: SCANNED })).length;
}

/** The five fields of the oneshot, each asked for by itself. */
export function oneshot(client: Client, pid: number): Promise<void> {
  return client.oneshot(pid, async (process) => {
    await process.umask();
    await process.groups();
    await process.sigmasks();
    await process.pgid();
    await process.sid();
  });
}
