import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outcomeOf } from '../cli-command.js';
import { commandsIn, documents, ROOT, read, snippetsOf } from './markdown.js';
import { BY_HAND, COMMANDS, SCRIPTS, testOf } from './runs.js';
import { SnippetFolder } from './snippet-folder.js';

const CALLS = documents()
  .flatMap(snippetsOf)
  .filter((snippet) => testOf(snippet) === COMMANDS)
  .flatMap(({ at, code }) => commandsIn(code).map((command) => ({ at, command })));
const ofThePackage = CALLS.filter(({ command }) => command.startsWith('npx psutil-extra'));
const ofTheRepository = CALLS.filter((call) => !ofThePackage.includes(call));
/** A file of this repository that Node or vitest is started with. */
const FILE = /(?:node(?: --\S+)*|--config) ([\w./-]+\.m?[jt]s)/g;
const SCRIPT = /^npm (?:run )?([\w:]+)(?: -- (.+))?$/;

describe('a command of the package in the documents', () => {
  let folder: SnippetFolder;

  beforeAll(async () => {
    folder = await SnippetFolder.make();
  });

  afterAll(() => folder[Symbol.asyncDispose]());

  it.each(ofThePackage)('$at: $command runs and prints', async ({ command }) => {
    const { code, stdout } = await folder.shell(command);
    // Of what it looks for there may be nothing here, which has an exit code of its own.
    expect([0, 5]).toContain(code);
    expect(stdout).not.toBe('');
  });
});

describe('a script of this repository in the documents', () => {
  it.each(ofTheRepository)('$at: $command exists, and what it calls too', ({ command }) => {
    const [, name = ''] = SCRIPT.exec(command) ?? [];
    const programs = programsOf(name);
    expect(programs).not.toEqual([]);
    const files = programs.flatMap((program) => Array.from(program.matchAll(FILE), ([, file = '']) => file));
    expect(files.filter((file) => !existsSync(ROOT + file))).toEqual([]);
  });

  it.each(Object.entries(SCRIPTS).map(([command, run]) => ({ command, run })))(
    '$command is run by $run.in',
    ({ command, run }) => {
      expect(CALLS.map((call) => call.command)).toContain(command);
      expect(read(run.in)).toContain(run.as);
    },
  );
});

describe('a script that a person runs', () => {
  it('is in a document', () => {
    expect(CALLS.map(({ command }) => command)).toEqual(expect.arrayContaining([...BY_HAND]));
  });

  it.each(['test:endurance', 'test:packages', 'test:examples'])('npm run %s has tests to run', async (script) => {
    const [, config = ''] = /vitest run --config (\S+)/.exec(programsOf(script).join('\n')) ?? [];
    const { code, stdout } = await node('node_modules/vitest/vitest.mjs', 'list', '--filesOnly', '--config', config);
    expect({ code, tests: stdout.includes('.test.ts') }).toEqual({ code: 0, tests: true });
  });

  it('npm run test:repeat -- 50 takes a count, here one, and a test file', async () => {
    const { code, stdout } = await node('test/repeat.mjs', '1', 'test/native/field-table.test.ts');
    expect(stdout).toMatch(/\n1 runs in 1 rounds, [1-9]\d* tests, 0 of them failed at least once\n$/);
    expect(code).toBe(0);
    expect((await node('test/repeat.mjs', '--', 'fifty')).code).toBe(1);
  });

  it('npm run test:matrix takes names, and lists the valid ones', async () => {
    const { code, stderr } = await node('release/dist/matrix/main.js', 'no-such-proof');
    expect(code).toBe(1);
    expect(stderr).toMatch(/no no-such-proof: linux-x64-musl, linux-arm64, node-20\.19\.0/);
  });

  it('npm run release takes --dry-run and nothing else', async () => {
    const { code, stderr } = await node('release/dist/packages/release.js', '--dry-rum');
    expect(code).toBe(1);
    expect(stderr).toContain("Unknown option '--dry-rum'");
    expect(read('release/src/packages/release.ts')).toContain("'dry-run': { type: 'boolean'");
  });
});

/** The commands of a script of this repository, including those of the scripts that it starts. */
function programsOf(name: string): string[] {
  const line = scripts()[name];
  if (line === undefined) throw new Error(`there is no script ${name}`);
  // npm takes the names pre… and post… for what comes before and after.
  const after = scripts()[`post${name}`];
  return [...line.split('&&'), ...(after?.split('&&') ?? [])].flatMap((part) => {
    const [, next] = /(?:npm|pnpm(?:@[\d.]+)?)(?: --?\w+)* run (?:--silent )?([\w:]+)/.exec(part) ?? [];
    return next === undefined ? [part.trim()] : programsOf(next);
  });
}

function scripts(): Record<string, string> {
  return (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts;
}

function node(...args: readonly string[]) {
  return outcomeOf(process.execPath, args, {}, ROOT);
}
