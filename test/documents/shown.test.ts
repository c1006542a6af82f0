import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { loadAddon, run } from '@psutil-extra/native';
import { FIELDS } from '@psutil-extra/native/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMAND, outcomeOf } from '../cli-command.js';
import { Terminal } from '../command/terminal.js';
import { lacking } from '../processes/abilities.js';
import { Spawned } from '../processes/spawned.js';
import { until } from '../processes/until.js';
import { ROOT, read, type Snippet, snippet, snippetsOf } from './markdown.js';
import { SnippetFolder } from './snippet-folder.js';

let folder: SnippetFolder;
beforeAll(async () => {
  folder = await SnippetFolder.make();
});
afterAll(() => folder[Symbol.asyncDispose]());

describe('what the documents show', () => {
  it('as output of look.mjs is what it prints, with other numbers', async () => {
    const shown = snippet('site/pages/start.md: umask 022, 1024 open files of 524288');
    const { stdout } = await folder.run(before(shown));
    // The parent may ignore more signals than Node does, and these are inherited.
    const alike = stdout.replaceAll(/\d+|Infinity/g, 'N').replace(/\[[^\]]*'SIGPIPE'[^\]]*\]/, "[ 'SIGPIPE' ]");
    expect(alike).toBe(shown.code.replaceAll(/\d+/g, 'N'));
  });

  it('as output of memory.mjs are five lines of its form, the largest first', async () => {
    const shown = snippet('README.md: 367 MB       4 node images.js --format=webp');
    // A command of several lines takes one, too.
    const large = "const largest = Buffer.alloc(2 ** 29, 1)\nconsole.log('ready')\nprocess.stdin.resume()";
    using largest = new Spawned([process.execPath, '-e', large], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(largest.child.stdout as Readable, 'data');
    const { stdout } = await folder.run(before(shown));
    for (const output of [shown.code, stdout]) {
      const rows = Array.from(output.matchAll(/^ *(\d+) MB {1,7}\d+ \S.{0,59}$/gm), ([, megabytes]) =>
        Number(megabytes),
      );
      expect(rows).toHaveLength(output.trim().split('\n').length);
      expect(rows).toEqual(rows.toSorted((a, b) => b - a));
    }
    expect(shown.code.trim().split('\n')).toHaveLength(5);
  });

  it("as the README's picture has the title, the columns and the keys of the command's own screen", async ({
    skip,
  }) => {
    skip(...lacking.tmux);
    const picture = read('site/pages/public/terminal.svg');
    const [, command = ''] = /<title>npx psutil-extra (.+)<\/title>/.exec(picture) ?? [];
    const drawn = picture.split('\n').map((line) => wordsOf(line.replaceAll(/<[^>]*>/g, ' ')));
    using terminal = new Terminal(104, 13, [process.execPath, COMMAND, ...command.split(' ')]);
    const screen = await until('it is drawn', () => {
      const lines = terminal.screen();
      return lines.some((line) => line.startsWith('F1 ')) && lines.some((line) => / PID /.test(line))
        ? lines
        : undefined;
    });
    const fixed = screen.filter((line) => /^F1 | PID /.test(line)).map(wordsOf);
    expect(fixed).toHaveLength(2);
    expect(drawn).toEqual(expect.arrayContaining(fixed));
  });

  it('as output of DEBUG is printed on stderr, with other times and paths', async () => {
    const [command = '', ...shown] = snippet('docs/diagnostics.md: $ DEBUG=psutil-extra node server.js').code.split(
      '\n',
    );
    await folder.write('package.json', '{ "type": "module" }');
    await folder.write('server.js', SERVER);
    const { code, stdout, stderr } = await outcomeOf('sh', ['-c', command.replace(/^\$ /, '')], {}, folder.path);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(withoutNumbers(stderr)).toBe(withoutNumbers(shown.join('\n')));
  });

  it('as the folders of the repository is complete', () => {
    const { code } = snippet(
      'CONTRIBUTING.md: packages/native   the C++ addon: blocking reads into columns; knows no threads',
    );
    const shown = Array.from(code.matchAll(/^(\S+) {2,}\S/gm), ([, name = '']) => name);
    const top = foldersIn(ROOT).filter((name) => !/^(\.|node_modules$|coverage$|tarballs$|packages$)/.test(name));
    const packages = foldersIn(`${ROOT}packages`).map((name) => `packages/${name}`);
    expect(new Set(shown)).toEqual(new Set([...packages, ...top]));
  });

  it('as the layout of a frame is that of the addon', () => {
    const { code } = snippet(
      'docs/architecture.md: int32 header[16]   bytes of the whole frame, rows, PIDs taken, where the',
    );
    const [, words] = /^int32 +header\[(\d+)\]/.exec(code) as unknown as [string, string];
    const addon = loadAddon();
    const fields = 2 ** FIELDS.length - 1;
    const buffer = run(new addon.Reader('/proc'), {
      op: 'pids',
      pids: Int32Array.of(process.pid),
      fields,
    }) as ArrayBuffer;
    const header = new Int32Array(buffer, 0, Number(words));
    const [bytes, rows, taken, next, pids = 0, columns = 0, counters = 0, failures] = header;
    expect({ bytes, rows, taken, next, failures }).toEqual({
      bytes: buffer.byteLength,
      rows: 1,
      taken: 1,
      next: -1,
      failures: 0,
    });
    const stored = FIELDS.map(({ type }) => (type.kind === 'struct' ? type.members.length : 1));
    expect(columns).toBe(stored.reduce((sum, each) => sum + each, 0));
    // PIDs are the first behind the directories of columns and counters.
    expect(pids).toBe(Number(words) * 4 + columns * 24 + counters * 8);
    expect(new Int32Array(buffer, pids, 1)[0]).toBe(process.pid);
  });
});

/** The program of docs/diagnostics.md, with its calls in the lines that it names. */
const SERVER = `import { createClient } from 'psutil-extra';

const client = createClient({ threads: 1 });
await main();
await client.close();

async function main() {
  const p = await client.oneshot(1);
  try {
    await p.umask();
    await p.sigmasks();
  } finally {
    await p.close();
  }
}
`;

/** The block that stands before another in its document. */
function before(other: Snippet): Snippet {
  const all = snippetsOf(other.file);
  return all[all.findIndex(({ at }) => at === other.at) - 1] as Snippet;
}

function wordsOf(line: string): string {
  return line.trim().replaceAll(/\s+/g, ' ');
}

function withoutNumbers(text: string): string {
  return text.replaceAll(/file:\S+\/(\w+\.js)/g, '$1').replaceAll(/\d+\.\d+ ms/g, 'N ms');
}

function foldersIn(path: string): string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}
