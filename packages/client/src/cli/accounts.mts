import { readFileSync } from 'node:fs';
import { escapeName } from './escape.mjs';

/** Names of users and groups, if `/etc` has them; only ids for processes of another root. */
export class Accounts {
  readonly #users: ReadonlyMap<number, string>;
  readonly #groups: ReadonlyMap<number, string>;

  constructor(procRoot: string) {
    const isOwn = procRoot === '/proc';
    this.#users = isOwn ? namesIn('/etc/passwd') : new Map<number, string>();
    this.#groups = isOwn ? namesIn('/etc/group') : new Map<number, string>();
  }

  /** `root`, or `0`. */
  userName(uid: number): string {
    const name = this.#users.get(uid);
    return name === undefined ? String(uid) : escapeName(name);
  }

  /** `0(root)`, as id(1) writes it, or `0`. */
  user(uid: number): string {
    return called(uid, this.#users);
  }

  /** As {@link user}. */
  group(gid: number): string {
    return called(gid, this.#groups);
  }
}

function called(id: number, names: ReadonlyMap<number, string>): string {
  const name = names.get(id);
  return name === undefined ? String(id) : `${id}(${escapeName(name)})`;
}

/** Lines of passwd(5) and group(5) have the name first and the id third. If an id has two names, the first counts. */
function namesIn(file: string): Map<number, string> {
  const names = new Map<number, string>();
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return names;
  }
  for (const line of text.split('\n')) {
    const [name, , id] = line.split(':');
    if (name !== undefined && id !== undefined && /^\d+$/.test(id) && !names.has(Number(id)))
      names.set(Number(id), name);
  }
  return names;
}
