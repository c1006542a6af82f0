import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Child, named, shell } from '../cli-child.js';
import { psutilExtra, psutilExtraBytes } from '../cli-command.js';
import { lacking } from '../processes/abilities.js';
import { FIELDS, tableFromIPC } from './reading.js';

/** A name with all that CSV and JSON must quote, and 15 bytes long at most. */
const ODD = 'a "b",\n=1\\ü';

let odd: Child;
let restricted: Child;

beforeAll(async () => {
  odd = await named(ODD);
  restricted = await shell("umask 077; ulimit -S -n 256; trap '' TERM");
});

afterAll(async () => {
  await odd[Symbol.asyncDispose]();
  await restricted[Symbol.asyncDispose]();
});

describe('--ndjson', () => {
  it('is an object a line, which jq reads', async ({ skip }) => {
    skip(...lacking.jq);
    const { stdout } = await psutilExtra(['scan', '--ndjson', '--fields', 'umask,sigmasks,rlimits']);
    const filter = `select(.pid == ${restricted.pid}) | [.umask, .sigmasks.ignored[0], .rlimits.RLIMIT_NOFILE.soft]`;
    expect(JSON.parse(execFileSync('jq', ['-c', filter], { input: stdout, encoding: 'utf8' }))).toEqual([
      0o077,
      'SIGTERM',
      256,
    ]);
  });

  it('holds the same as --json', async () => {
    const args = ['scan', '--fields', 'name,umask', '--name', '^a "b"'];
    const [lines, array] = await Promise.all([psutilExtra([...args, '--ndjson']), psutilExtra([...args, '--json'])]);
    // Another run of these tests beside this one has a process of that name too.
    const own = (rows: { pid: number }[]) => rows.filter(({ pid }) => pid === odd.pid);
    const ofLines = own(
      lines.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    );
    expect(ofLines).toEqual([{ pid: odd.pid, name: ODD, umask: expect.any(Number) }]);
    expect(own(JSON.parse(array.stdout))).toEqual(ofLines);
  });
});

describe('--csv', () => {
  it('has the names of the fields as its keys', async () => {
    const [row] = await readByPython();
    expect(Object.keys(row ?? {})).toEqual(['pid', 'name', 'pgid', 'sid', 'umask', 'groups', 'sigmasks', 'rlimits']);
  });

  it("returns a name unchanged through Python's csv, quotes and line breaks too", async () => {
    const rows = await readByPython('--fields', 'name,umask');
    expect(rows.find(({ pid }) => pid === String(odd.pid))?.['name']).toBe(ODD);
  });

  it('has lists and the like as JSON', async () => {
    const rows = await readByPython('--fields', 'sigmasks,rlimits,uids');
    const row = rows.find(({ pid }) => pid === String(restricted.pid));
    expect(JSON.parse(row?.['sigmasks'] ?? '')).toMatchObject({ ignored: expect.arrayContaining(['SIGTERM']) });
    expect(JSON.parse(row?.['rlimits'] ?? '')).toMatchObject({ RLIMIT_NOFILE: { soft: 256 } });
    expect(JSON.parse(row?.['uids'] ?? '')).toMatchObject({ effective: process.geteuid?.() });
  });
});

describe('--arrow', () => {
  it('is a file in which apache-arrow finds every field', async () => {
    const table = tableFromIPC(await psutilExtraBytes(['scan', '--arrow', '--fields', FIELDS.join()]));
    expect(table.schema.fields.map(({ name }) => name)).toEqual(['pid', ...FIELDS]);
    const row = table.toArray().find(({ pid }) => pid === restricted.pid);
    expect(row).toMatchObject({ umask: 0o077 });
    expect(row?.rlimits.RLIMIT_NOFILE.soft).toBe(256);
    expect(row?.rlimits.RLIMIT_AS.soft).toBe(Number.POSITIVE_INFINITY);
    expect(row?.sigmasks.ignored.toArray()).toContain('SIGTERM');
    expect(Math.abs(Number(row?.startTime) - Date.now())).toBeLessThan(600_000);
  });

  it('keeps its columns where there is no process', async () => {
    const table = tableFromIPC(await psutilExtraBytes(['scan', '--arrow', '--name', '^no such name$']));
    expect(table.numRows).toBe(0);
    expect(table.getChild('umask')?.type.toString()).toBe('Uint16');
  });

  it('is read by pyarrow as well', async ({ skip }) => {
    skip(...lacking.pyarrow);
    const bytes = await psutilExtraBytes(['scan', '--arrow', '--fields', 'name,umask']);
    const program =
      'import json, sys, pyarrow.ipc as ipc; print(json.dumps(ipc.open_file(sys.stdin.buffer.read()).read_all().to_pylist()))';
    const rows = JSON.parse(execFileSync('python3', ['-c', program], { input: bytes, encoding: 'utf8' }));
    expect(rows).toContainEqual({ pid: restricted.pid, name: expect.any(String), umask: 0o077 });
  });
});

describe('formats', () => {
  it.each([[['--json', '--csv']], [['--ndjson', '--arrow']], [['--watch', '--json']]])(
    'do not go together: %j',
    async (args) => {
      const { code, stderr } = await psutilExtra(['scan', ...args]);
      expect(code).toBe(2);
      expect(stderr).toContain('cannot be used with');
    },
  );
});

/** What Python's csv makes of it: a list of objects. */
async function readByPython(...args: string[]): Promise<Record<string, string>[]> {
  const { stdout } = await psutilExtra(['scan', '--csv', ...args]);
  // A process in 65,536 groups, which another test may have, has more in one field than csv takes unasked.
  const program =
    'import csv, json; csv.field_size_limit(2 ** 30); print(json.dumps(list(csv.DictReader(open(0, newline="")))))';
  return JSON.parse(execFileSync('python3', ['-c', program], { input: stdout, encoding: 'utf8', maxBuffer: 1 << 28 }));
}
