import { existsSync } from 'node:fs';
import { FIELDS } from 'psutil-extra';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Outcome, outcomeOf } from '../cli-command.js';
import { lacking } from '../processes/abilities.js';
import { ExampleService } from './example-service.js';
import { codeIn, documents, ROOT, read, type Snippet, snippetsOf, tableOf } from './markdown.js';
import { MIGRATION } from './runs.js';
import { SnippetFolder } from './snippet-folder.js';

/** Where the other packages are installed: they are measured there. */
const THEIRS = 'bench';
const PAGES = documents().filter((file) => MIGRATION.test(file));
const BLOCKS = PAGES.flatMap(snippetsOf);
const OURS = BLOCKS.filter(({ language }) => language === 'ts');
const isInstalled = ({ code }: Snippet) =>
  Array.from(code.matchAll(/from '([^':]+)'/g)).every(([, name]) =>
    existsSync(`${ROOT}${THEIRS}/node_modules/${name}`),
  );

/** The code of another package, and what it becomes: the next block on its page. */
const PAIRS = BLOCKS.flatMap((theirs, i) => {
  const ours = BLOCKS[i + 1];
  if (theirs.language === 'ts' || ours?.language !== 'ts' || ours.file !== theirs.file) return [];
  return theirs.language === 'python' || isInstalled(theirs) ? [{ theirs, ours, at: theirs.at }] : [];
});

let here: SnippetFolder;
let there: SnippetFolder;
let complaints: string;

beforeAll(async () => {
  here = await SnippetFolder.make();
  there = await SnippetFolder.make(THEIRS);
  complaints = await here.compile(OURS.map(withProcess));
});

afterAll(async () => {
  await here[Symbol.asyncDispose]();
  await there[Symbol.asyncDispose]();
});

describe('code that another package becomes', () => {
  it('compiles', () => {
    expect(complaints).toBe('');
  });

  it.for(PAIRS)('prints the same as theirs: $at', async ({ theirs, ours }, { skip }) => {
    if (theirs.language === 'python') skip(...lacking.psutil);
    const printed = [await ran(theirs), await ran(ours)];
    expect(printed.map(({ code, stderr }) => ({ code, stderr }))).toEqual([SUCCESS, SUCCESS]);
    // Two readings of memory and processor time differ, and so do two processes' PIDs.
    const [expected, actual] = printed.map(({ stdout }) => withoutFigures(stdout));
    if (ours.code.includes('console.log')) expect(actual).toBe(expected);
  });

  it.each(OURS.filter((ours) => !PAIRS.some((pair) => pair.ours === ours)))('runs by itself: $at', async (ours) => {
    expect(await ran(ours)).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('a page about another package', () => {
  it.each(PAGES)('%s says so if the code of that package is not run', (page) => {
    const theirs = snippetsOf(page).filter(({ language }) => language === 'js');
    expect(/do not run/.test(read(page))).toBe(theirs.some((block) => !isInstalled(block)));
  });

  it.each([
    ['site/pages/from/ps-list.md', 'ps-list'],
    ['site/pages/from/pidusage.md', 'pidusage'],
    ['site/pages/from/systeminformation.md', 'systeminformation'],
    ['site/pages/from/find-process.md', 'find-process'],
    ['site/pages/from/tree-kill.md', 'tree-kill'],
  ])('%s names the version that is installed', (page, name) => {
    const { version } = JSON.parse(read(`${THEIRS}/node_modules/${name}/package.json`)) as { version: string };
    expect(read(page).replaceAll('\n', ' ')).toContain(`code of ${name} ${version.split('.')[0]}`);
  });

  it('of psutil names methods and functions that it has', async ({ skip }) => {
    skip(...lacking.psutil);
    const lists = JSON.stringify([namesOf('psutil.Process'), namesOf('psutil')]);
    const program = `
import psutil, sys, json
methods, functions = json.loads(sys.argv[1])
assert len(methods) > 30 and len(functions) > 3
print([each for each in methods if not hasattr(psutil.Process, each)], [each for each in functions if not hasattr(psutil, each)])`;
    expect((await outcomeOf('python3', ['-c', program, lists])).stdout).toBe('[] []\n');
  });

  it('of psutil names fields that are here', () => {
    const same = tableOf(PSUTIL, ['psutil.Process', 'psutil-extra']).find(([, ours]) => ours === 'the same');
    expect(codeIn(same?.[0] ?? '').length).toBeGreaterThan(5);
    expect(codeIn(same?.[0] ?? '').filter((name) => !(FIELDS as readonly string[]).includes(name))).toEqual([]);
  });
});

const namesOf = (head: string) => tableOf(PSUTIL, [head, 'psutil-extra']).flatMap(([theirs = '']) => codeIn(theirs));
const SUCCESS = { code: 0, stderr: '' };
const PSUTIL = 'site/pages/from/psutil.md';

/** Runs a block against a service of its own. Whatever ends processes has ended this one. */
async function ran(block: Snippet): Promise<Outcome> {
  await using service = await ExampleService.start(here.path);
  const folder = block.language === 'ts' ? here : there;
  const file = `${block.at.replaceAll(/\W/g, '-')}.${block.language === 'python' ? 'py' : 'mjs'}`;
  await folder.write(file, service.about(await textOf(block, service.pid)));
  const outcome = await outcomeOf(
    block.language === 'python' ? 'python3' : process.execPath,
    [file],
    { PID: String(service.pid) },
    folder.path,
  );
  if (/kill|terminate/i.test(block.code)) await service.ended();
  return { ...outcome, stdout: service.general(outcome.stdout) };
}

async function textOf(block: Snippet, pid: number): Promise<string> {
  if (block.language === 'ts') return here.compiled(withProcess(block));
  if (block.language === 'js') return `const pid = ${pid};\n${block.code}`;
  return `pid = ${pid}\n${OLDER_PSUTIL}${block.code}`;
}

/** psutil before 6.0 calls it otherwise. */
const OLDER_PSUTIL = `
import psutil
if not hasattr(psutil.Process, 'net_connections'): psutil.Process.net_connections = psutil.Process.connections
`;

/** The block with a client, and with the PID that it is about. */
function withProcess(block: Snippet): Snippet {
  if (block.code.includes('createClient(')) return block;
  const before =
    "import { createClient } from 'psutil-extra';\nconst client = createClient({ threads: 1 });\nconst pid = Number(process.env['PID']);";
  return { ...block, code: `${before}\n${block.code}\nawait client.close();\n` };
}

function withoutFigures(text: string): string {
  const alike = text.replaceAll(/\d+(\.\d+)?(e-\d+)?/g, 'N').replaceAll(/\bTrue\b/g, 'true');
  // Processes come in no particular order.
  return alike.split('\n').sort().join('\n');
}
