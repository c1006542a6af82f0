import { type BigIntLimits, constants, createClient, type Process, type ResourceName } from 'psutil-extra';
import { jsonOf } from './json.mjs';
import { LIMIT_HEADERS, limitRow } from './limit-rows.mjs';
import { print } from './print.mjs';
import type { PidsCommand } from './processes.mjs';
import { type ResourceRequest, resourceNames, resourceRequest } from './resource-names.mjs';
import { resolved } from './self.mjs';
import { stdoutTable, type TableOptions } from './stdout-table.mjs';
import { UsageError } from './usage-error.mjs';

/**
 * Sets the limits that are given and prints the others, or all if none is named: prlimit(1). The PID cannot change to another
 * process between two of these.
 */
export async function rlimit(
  one: number,
  texts: readonly string[],
  command: PidsCommand & TableOptions,
): Promise<void> {
  const { json, procRoot } = command;
  const pid = resolved(one, procRoot);
  await using client = createClient({ procRoot, threads: 1 });
  // If no resource is known, the command line is not wrong: this rejects with the actual error.
  if (resourceNames().length === 0) await client.rlimits(pid);
  const requests: readonly ResourceRequest[] = texts.map(resourceRequest);
  const asked =
    requests.length === 0 ? resourceNames() : requests.filter(({ set }) => !set).map((each) => each.resource);
  const target = await client.process(pid);
  // All are checked before the first is set.
  for (const [resource, limits] of await planned(target, requests)) await target.rlimit(resource, limits);
  if (asked.length === 0) return;
  const all = await target.rlimits({ bigint: true });
  const found = asked.flatMap((resource): [ResourceName, ReturnType<typeof printable>][] => {
    const limits = all[resource];
    return limits === undefined ? [] : [[resource, printable(limits)]];
  });
  await print(json ? [`${jsonOf(Object.fromEntries(found))}\n`] : table(found, command), process.stdout);
}

/** The limits to be set, in the given order; if only one of the two is given, the other has the value that it will have then. */
async function planned(
  target: Process,
  requests: readonly ResourceRequest[],
): Promise<readonly (readonly [ResourceName, BigIntLimits])[]> {
  const plan: [ResourceName, BigIntLimits][] = [];
  const standing = new Map<ResourceName, BigIntLimits>();
  for (const { resource, set } of requests) {
    if (set === undefined) continue;
    const before = async () => standing.get(resource) ?? (await target.getrlimit(resource, { bigint: true }));
    const next = { soft: set.soft ?? (await before()).soft, hard: set.hard ?? (await before()).hard };
    if (next.soft > next.hard) {
      const [low, high] = [next.hard, next.soft].map(text);
      throw new UsageError(`${resource} of ${target.pid}: the soft limit ${high} would be above the hard limit ${low}`);
    }
    standing.set(resource, next);
    plan.push([resource, next]);
  }
  return plan;
}

function table(
  found: readonly (readonly [ResourceName, ReturnType<typeof printable>])[],
  options: TableOptions,
): Generator<string> {
  const rows = found.map(([resource, limits]) => limitRow(resource, limits));
  return stdoutTable(LIMIT_HEADERS, rows, options);
}

/** Exact beyond 2⁵³ in the table; JSON has numbers where they are exact, and text beyond. */
function printable({ soft, hard }: BigIntLimits): { soft: number | bigint; hard: number | bigint } {
  return { soft: number(soft), hard: number(hard) };
}

function number(raw: bigint): number | bigint {
  if (raw === constants.RLIM_INFINITY) return Number.POSITIVE_INFINITY;
  return raw <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(raw) : raw;
}

function text(raw: bigint): string {
  return raw === constants.RLIM_INFINITY ? 'unlimited' : String(raw);
}
