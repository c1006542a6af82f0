import { type BigIntLimits, constants, createClient, type Process, type ResourceName } from '../index.js';
import { paintFor } from './colour.js';
import { UsageError } from './exit.js';
import { jsonOf } from './json.js';
import { print } from './print.js';
import type { PidsCommand } from './processes.js';
import { type ResourceRequest, resourceNames, resourceRequest } from './resource-names.js';
import { LIMIT_HEADERS, limitRow } from './show.js';
import { tableLines } from './table.js';
import { lineWidth } from './width.js';

/**
 * Sets the limits that are given and prints those that are not, all of them where none is named: prlimit(1). The PID
 * cannot become another process's between two of these.
 */
export async function rlimit(pid: number, texts: readonly string[], { json, procRoot }: PidsCommand): Promise<void> {
  // All are understood before the first is set.
  const requests: readonly ResourceRequest[] = texts.map(resourceRequest);
  const asked =
    requests.length === 0 ? resourceNames() : requests.filter(({ set }) => !set).map((each) => each.resource);
  await using client = createClient({ procRoot, threads: 1 });
  const target = await client.process(pid);
  for (const { resource, set } of requests) if (set !== undefined) await change(target, resource, set);
  if (asked.length === 0) return;
  const all = await target.rlimits({ bigint: true });
  const found = asked.flatMap((resource): [ResourceName, ReturnType<typeof printable>][] => {
    const limits = all[resource];
    return limits === undefined ? [] : [[resource, printable(limits)]];
  });
  await print(json ? [`${jsonOf(Object.fromEntries(found))}\n`] : table(found), process.stdout);
}

/** Sets a limit, one of the two as it stood where only the other is given. */
async function change(
  target: Process,
  resource: ResourceName,
  set: NonNullable<ResourceRequest['set']>,
): Promise<void> {
  const { soft, hard } = set;
  const before =
    soft === undefined || hard === undefined ? await target.getrlimit(resource, { bigint: true }) : undefined;
  const next = { soft: soft ?? (before as BigIntLimits).soft, hard: hard ?? (before as BigIntLimits).hard };
  if (next.soft > next.hard) {
    const [low, high] = [next.hard, next.soft].map((value) => text(value as bigint));
    throw new UsageError(`${resource} of ${target.pid}: the soft limit ${high} would be above the hard limit ${low}`);
  }
  await target.rlimit(resource, next);
}

function table(found: readonly (readonly [ResourceName, ReturnType<typeof printable>])[]): Generator<string> {
  const { stdout, env } = process;
  const rows = found.map(([resource, limits]) => limitRow(resource, limits));
  return tableLines(LIMIT_HEADERS, rows, lineWidth(stdout, env), paintFor(stdout, env));
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
