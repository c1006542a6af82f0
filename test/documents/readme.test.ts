import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FIELDS, STATES } from '@psutil-extra/native/protocol';
import * as api from 'psutil-extra';
import { type Client, createClient } from 'psutil-extra';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Child, shell } from '../cli-child.js';
import { codeIn, documents, ROOT, read, tableOf } from './markdown.js';

describe('the table of psutil-extra (Python)', () => {
  const rows = tableOf('site/pages/from/psutil-extra.md', ['psutil-extra (Python)', 'here']);
  let client: Client;
  let child: Child;

  beforeAll(async () => {
    client = createClient({ threads: 1 });
    child = await shell('umask 031; ulimit -n 600');
  });

  afterAll(async () => {
    await client.close();
    await child[Symbol.asyncDispose]();
  });

  /** A check of what each cell on the right promises. */
  const TRIED: Record<string, () => Promise<void>> = {
    'client.oneshot(pid)': async () => {
      const process = await client.oneshot(child.pid);
      expect(await process.umask()).toBe(0o031);
      await process.close();
    },
    'client.oneshot(pid, fn)': async () => {
      expect(await client.oneshot(child.pid, (process) => process.umask())).toBe(0o031);
    },
    'client.umask(proc)': async () => expect(await client.umask(child.pid)).toBe(0o031),
    'client.groups(proc)': async () => {
      // The system's own list holds the effective group too, or does not.
      const own = process.getgroups?.() ?? [];
      expect(own).toEqual(expect.arrayContaining(await client.groups(process.pid)));
    },
    'client.rlimit(proc, resource, newLimits?)': async () => {
      const before = await client.rlimit(child.pid, 'RLIMIT_NOFILE', { soft: 300, hard: 600 });
      expect(before).toEqual({ soft: 600, hard: 600 });
      expect(await client.rlimit(child.pid, 'RLIMIT_NOFILE')).toEqual({ soft: 300, hard: 600 });
    },
    'client.getrlimit(proc, resource)': async () => {
      expect((await client.getrlimit(child.pid, 'RLIMIT_NOFILE')).hard).toBe(600);
    },
    'client.sigmasks(proc)': async () => {
      expect((await client.sigmasks(process.pid)).ignored?.has('SIGPIPE')).toBe(true);
    },
    'client.pgid(proc)': async () => expect(await client.pgid(child.pid)).toBe(await client.pgid(process.pid)),
    'client.sid(proc)': async () => expect(await client.sid(child.pid)).toBe(await client.sid(process.pid)),
    'client.snapshot(proc, { fields, fallback })': async () => {
      const snapshot = await client.snapshot(child.pid, { fields: ['umask'], fallback: 0 });
      expect(snapshot).toEqual({ pid: child.pid, umask: 0o031 });
    },
    'await client.process(pid)': async () => {
      const process = await client.process(child.pid);
      expect(process.pid).toBe(child.pid);
      expect(await process.isRunning()).toBe(true);
    },
    'client.scan()': async () => expect((await client.scan()).get(child.pid)?.umask).toBe(0o031),
    'client.scanBatches()': async () => {
      const found = [];
      for await (const table of client.scanBatches()) found.push(table.get(child.pid)?.umask);
      expect(found).toContain(0o031);
    },
  };

  it.each(rows.flatMap(([python, here = '']) => codeIn(here).map((call) => ({ python, call }))))(
    '$python is $call',
    async ({ call }) => {
      expect(Object.keys(TRIED)).toContain(call);
      await TRIED[call]?.();
    },
  );
});

describe('a document', () => {
  it('lists every field with its cost', () => {
    const rows = tableOf('docs/fields.md', ['field', 'value', 'cost', 'on Linux from']);
    expect(rows.map(([field = '', , cost]) => [codeIn(field)[0], cost])).toEqual(
      FIELDS.map(({ name, cost }) => [name, cost]),
    );
  });

  it('lists every state', () => {
    const rows = tableOf('docs/fields.md', ['field', 'value', 'cost', 'on Linux from']);
    const state = rows.find(([field]) => field === '`state`');
    expect(codeIn(state?.[1] ?? '')).toEqual(STATES.map((name) => `'${name}'`));
  });

  it('describes the column of every field', () => {
    const rows = tableOf('docs/scans.md', ['column', 'is']);
    const named = rows.flatMap(([column = '']) => codeIn(column));
    expect(new Set(named)).toEqual(new Set(FIELDS.map(({ name }) => name)));
  });

  it('lists every error class', () => {
    const rows = read('docs/errors.md').matchAll(/^\| `(\w+Error)` \|/gm);
    const classes = Object.entries(api).filter(
      ([, value]) => typeof value === 'function' && value.prototype instanceof Error,
    );
    expect(new Set(Array.from(rows, ([, name]) => name))).toEqual(new Set(classes.map(([name]) => name)));
  });

  it.each(
    tableOf('docs/clients.md', ['option', 'default', 'meaning']).map(([option = '']) => codeIn(option)[0] as string),
  )('does not invent the option %s', (option) => {
    expect(() => createClient({ [option]: Symbol('wrong') })).toThrow(`options.${option}`);
  });

  it.each(documents())('%s points to files that exist', (file) => {
    const text = read(file);
    const links = Array.from(text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g), ([, to = '']) =>
      // A page of the site links to pages of the site: npm run site fails where one is not there.
      to.startsWith('/') && file.startsWith('site/') ? 'site/pages' : join(dirname(file), to),
    );
    const named = codeIn(text).filter((code) => /^(packages|docs|test|bench)\/[\w./-]+$/.test(code));
    expect([...links, ...named].filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('has every section that a page of the site takes in', () => {
    const taken = documents().flatMap((page) =>
      Array.from(read(page).matchAll(/^<!-- ([\w./-]+\.md): (.+) -->$/gm), ([, file = '', heading = '']) => ({
        page,
        file,
        heading,
      })),
    );
    expect(taken.length).toBeGreaterThan(0);
    expect(taken.filter(({ file, heading }) => !read(file).includes(`\n## ${heading}\n`))).toEqual([]);
  });

  it.each(documents())('%s names scripts that exist', (file) => {
    const named = Array.from(read(file).matchAll(/npm run ([\w:]+)/g), ([, script]) => script);
    expect(Object.keys(scripts())).toEqual(expect.arrayContaining(named));
  });
});

function scripts(): Record<string, string> {
  return (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts;
}
