import { element, holder } from './element.js';
import type { Details } from './fields.js';
import { SCALES, type Scale } from './scales.js';
import { resourceName } from './values.js';

type Limit = number | 'unlimited';
type Limits = Readonly<Record<string, { readonly soft: Limit; readonly hard: Limit }>>;

/** The limits of a process as bars, a table for each unit, with its scale at the top. */
export function limitBars(details: Details): HTMLElement[] {
  const limits = details['rlimits'] as Limits | null;
  if (limits === null) return [element('p', 'The server may not read them.', 'faint')];
  const used = usedOf(details);
  return SCALES.map((scale) => table(scale, limits, used));
}

function table(scale: Scale, limits: Limits, used: Readonly<Record<string, number | undefined>>): HTMLElement {
  const made = element('table', '', 'limits');
  made.append(element('caption', scale.heading));
  const head = made.createTHead().insertRow();
  for (const text of ['limit', 'soft', 'hard', 'used']) {
    const cell = element('th', text, text);
    cell.scope = 'col';
    head.append(cell);
  }
  head.append(holder('td', [ticks(scale)], 'scale'));
  const body = made.createTBody();
  for (const resource of scale.resources) {
    const pair = limits[resource];
    if (pair === undefined) continue;
    const [soft, hard] = [pair.soft, pair.hard].map((each) => onScale(resource, each)) as [
      number | null,
      number | null,
    ];
    const use = used[resource];
    const name = element('th', resourceName(resource));
    name.scope = 'row';
    name.title = resource;
    const text = (value: number | null) => (value === null ? 'no limit' : scale.text(value));
    const row = body.insertRow();
    row.append(name);
    const columns = [
      ['soft', text(soft)],
      ['hard', soft === hard ? 'same' : text(hard)],
      ['used', use === undefined ? '' : scale.text(use)],
    ] as const;
    for (const [column, shown] of columns) {
      const cell = element('td', shown, column);
      cell.dataset['head'] = column;
      row.append(cell);
    }
    row.append(holder('td', [bar(scale, soft, hard, use)], 'scale'));
    if (use !== undefined && soft !== null && use > 0 && use >= soft * NEAR) row.className = 'near';
  }
  return made;
}

/** The marks of the scale, with what they stand for. */
function ticks({ marks }: Scale): HTMLElement {
  const line = element('div', '', 'ticks');
  for (const { at, text } of marks) {
    const mark = element('span', text);
    mark.style.left = `${at * 100}%`;
    line.append(mark);
  }
  return line;
}

/** Filled up to the soft limit, pale up to the hard one; a line shows how much is used. The cells beside it say the same. */
function bar({ marks, place }: Scale, soft: number | null, hard: number | null, used: number | undefined): HTMLElement {
  const range = element('div', '', 'range');
  range.ariaHidden = 'true';
  for (const { at } of marks) range.append(placed(element('u'), 'left', at));
  range.append(
    placed(element('i', '', 'hard'), 'width', place(hard)),
    placed(element('i', '', 'soft'), 'width', place(soft)),
  );
  if (used !== undefined) range.append(placed(element('b'), 'left', place(used)));
  return range;
}

function placed<E extends HTMLElement>(target: E, property: 'left' | 'width', place: number): E {
  target.style[property] = `${place * 100}%`;
  return target;
}

/** Of the limits that are known to be used, how much is. */
function usedOf(details: Details): Readonly<Record<string, number | undefined>> {
  const memory = (details['memory'] ?? {}) as Readonly<Record<string, number>>;
  const detail = (details['memoryDetail'] ?? {}) as Readonly<Record<string, number>>;
  const times = details['cpuTimes'] as { readonly user: number; readonly system: number } | null;
  const scheduler = details['scheduler'] as { readonly priority: number } | null;
  return {
    RLIMIT_NOFILE: (details['fdCount'] as number | null) ?? undefined,
    RLIMIT_AS: memory['vms'],
    RLIMIT_DATA: memory['data'],
    RLIMIT_RSS: memory['rss'],
    RLIMIT_STACK: detail['stack'],
    RLIMIT_MEMLOCK: detail['locked'],
    RLIMIT_CPU: times === null ? undefined : (times.user + times.system) / 1000,
    RLIMIT_RTPRIO: scheduler?.priority,
  };
}

/** On its scale: the time that a real-time thread may run is in microseconds, and its scale is in seconds. */
function onScale(resource: string, limit: Limit): number | null {
  if (limit === 'unlimited') return null;
  return resource === 'RLIMIT_RTTIME' ? limit / 1e6 : limit;
}

const NEAR = 0.8;
