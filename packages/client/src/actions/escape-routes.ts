import { FIELD_INDEX, FieldSet } from '@psutil-extra/native/protocol';
import { type Found, type ProcessMap, type ProcessMaps, tickOf } from '../relatives/process-map.js';
import { rowValue } from '../schema/decode.js';
import { failureIn } from '../schema/field-source.js';
import type { Identified } from '../schema/identity.js';
import type { Member } from './member.js';

/**
 * Where processes are found that have left a tree: their parent has ended, and they have another now. Only what is certain
 * counts. A session whose leader is of the tree has no other processes than the leader's descendants, and neither has a cgroup
 * that the root of the tree is in and its parent is not.
 */
export class EscapeRoutes {
  readonly #maps: ProcessMaps;
  readonly #root: Identified;
  readonly #cgroup: string | null;
  readonly #sessions = new Set<number>();

  private constructor(maps: ProcessMaps, root: Identified, cgroup: string | null) {
    this.#maps = maps;
    this.#root = root;
    this.#cgroup = cgroup;
  }

  static async of(
    maps: ProcessMaps,
    map: ProcessMap,
    root: Identified,
    signal: AbortSignal | undefined,
  ): Promise<EscapeRoutes> {
    const listed = map.get(root.pid);
    const ppid = listed === undefined ? undefined : numberOf(listed, PPID);
    // The listing may be of the tree alone.
    const near = await maps.read(
      FieldSet.of(CGROUP),
      signal,
      ppid === undefined || ppid <= 0 ? [root.pid] : [root.pid, ppid],
    );
    const self = near.get(root.pid);
    const own = (self?.start === tickOf(root.start) && textOf(self, CGROUP)) || null;
    const above = self?.parent === undefined ? undefined : textOf(self.parent, CGROUP);
    const isOwn = own !== null && own !== '/' && above !== undefined && above !== own;
    return new EscapeRoutes(maps, root, isOwn ? own : null);
  }

  /** Learns the sessions of a listing whose leaders are members. */
  learn(map: ProcessMap, members: ReadonlyMap<number, Member>): void {
    for (const { pid } of members.values()) {
      const found = map.get(pid);
      const sid = found === undefined ? undefined : numberOf(found, SID);
      if (sid !== undefined && sid > 0 && members.has(sid)) this.#sessions.add(sid);
    }
  }

  /** Those that live there now and are no members. */
  async find(members: ReadonlyMap<number, Member>, signal: AbortSignal | undefined): Promise<number[]> {
    if (this.#sessions.size === 0 && this.#cgroup === null) return [];
    const fields = FieldSet.of(SID, STATE, ...(this.#cgroup === null ? [] : [CGROUP]));
    const map = await this.#maps.read(fields, signal);
    const escaped: number[] = [];
    for (const found of map.all()) {
      const member = members.get(found.pid);
      if (member !== undefined && tickOf(member.start) === found.start) continue;
      if (found.start < tickOf(this.#root.start) || rowValue(STATE, found.frame, found.row) === 'zombie') continue;
      if (this.#sessions.has(numberOf(found, SID) ?? 0) || this.#isInCgroup(found)) escaped.push(found.pid);
    }
    return escaped;
  }

  #isInCgroup(found: Found): boolean {
    if (this.#cgroup === null) return false;
    const cgroup = textOf(found, CGROUP);
    return cgroup === this.#cgroup || cgroup?.startsWith(`${this.#cgroup}/`) === true;
  }
}

function numberOf({ frame, row }: Found, field: number): number | undefined {
  return failureIn(frame, row, field) === undefined ? (rowValue(field, frame, row) as number) : undefined;
}

function textOf({ frame, row }: Found, field: number): string | undefined {
  return failureIn(frame, row, field) === undefined
    ? ((rowValue(field, frame, row) as string | null) ?? undefined)
    : undefined;
}

const PPID = FIELD_INDEX.ppid;
const SID = FIELD_INDEX.sid;
const STATE = FIELD_INDEX.state;
const CGROUP = FIELD_INDEX.cgroup;
