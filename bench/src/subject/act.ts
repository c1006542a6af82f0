import { ACTORS, type Deed } from '../actors.js';
import { Probe } from '../probe.js';
import { DESCENDANTS, Tree } from '../tree.js';

/** Milliseconds. */
export interface Acted {
  readonly times: readonly number[];
  /** Of an event meanwhile, its delay. */
  readonly p99: number;
}

/** Acts once and then so often, or for so many seconds, on a tree of its own: a killed one is made anew, which does not count. */
export async function act(deed: Deed, name: string, most: number, seconds: number): Promise<Acted> {
  const actor = ACTORS[deed].find((each) => each.name === name);
  if (actor === undefined) throw new RangeError(`nothing to ${deed} is called ${name}`);
  const perform = await actor.open();
  await using tree = new Tree();
  await using probe = new Probe();
  const times: number[] = [];
  const p99s: number[] = [];
  let pid = await tree.make();
  const once = async () => {
    const began = performance.now();
    const found = await perform(pid);
    if (deed === 'kill') await tree.gone();
    const took = performance.now() - began;
    if (deed !== 'find' && found !== DESCENDANTS) throw new Error(`${name}: ${found} of ${DESCENDANTS} descendants`);
    return took;
  };
  try {
    // Its first kill counts: one may take most of a minute.
    if (deed !== 'kill') await once();
    const until = performance.now() + seconds * 1000;
    do {
      let took = Number.NaN;
      const { p99 } = await probe.during(async () => {
        took = await once();
      });
      times.push(took);
      p99s.push(p99);
      if (deed === 'kill') pid = await tree.make();
    } while (times.length < most && performance.now() < until);
    return { times, p99: Math.max(...p99s) };
  } finally {
    end(pid);
    await tree.gone();
  }
}

function end(root: number): void {
  try {
    process.kill(-root, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
