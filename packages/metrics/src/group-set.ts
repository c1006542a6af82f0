import { Group } from './group.js';

/** The group of all processes for whose own group there is no place. */
export const OTHER = 'other';

/** The groups that have series: never more than there are places, and one for the rest. */
export class GroupSet {
  readonly places: number;
  readonly #groups = new Map<string, Group>();
  /** Names that have a place whether or not a process has them: no other name may take it. */
  readonly #reserved: ReadonlySet<string>;
  readonly #forgetAfter: number;
  /** Places that are taken by names which are not reserved. */
  #taken = 0;

  constructor(places: number, reserved: readonly string[], forgetAfter: number) {
    this.places = places;
    this.#reserved = new Set(reserved);
    this.#forgetAfter = forgetAfter;
  }

  get size(): number {
    return this.#groups.size - (this.#groups.has(OTHER) ? 1 : 0);
  }

  /** The group of this name if it has a place, or can have one; else that of the rest. */
  of(name: string): Group {
    const known = this.#groups.get(name);
    if (known !== undefined) return known;
    if (name === OTHER) return this.#make(OTHER);
    if (!this.#reserved.has(name)) {
      if (this.#taken >= this.places - this.#reserved.size) return this.of(OTHER);
      this.#taken++;
    }
    return this.#make(name);
  }

  /** In the order of their names, so that two scrapes have the same order. */
  inOrder(): Group[] {
    return [...this.#groups.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  [Symbol.iterator](): Iterator<Group> {
    return this.#groups.values();
  }

  /** Gives the places of groups back that have had no process for some time. Their counters begin at zero if they return. */
  forget(time: number): void {
    for (const group of this.#groups.values()) {
      if (group.now.processes > 0) group.lastSeen = time;
      else if (time - group.lastSeen >= this.#forgetAfter) this.#remove(group.name);
    }
  }

  #make(name: string): Group {
    const group = new Group(name);
    this.#groups.set(name, group);
    return group;
  }

  #remove(name: string): void {
    this.#groups.delete(name);
    if (name !== OTHER && !this.#reserved.has(name)) this.#taken--;
  }
}
