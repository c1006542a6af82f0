import { NODES, nodePath } from '@psutil-extra/release/nodes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { snippet } from '../documents/markdown.js';
import { EmptyFolder, registryHere } from './empty-folder.js';
import { type Shelf, shelf } from './shelf.js';

const TOOLS = ['jest@29.7.0', 'vitest@4.1.12', 'tsx@4.23.15'];

let packed: Shelf;
let folder: EmptyFolder;

beforeAll(async () => {
  packed = await shelf(await registryHere());
  folder = await EmptyFolder.make(packed.url);
  const install = await folder.shell(`npm init -y\nnpm install psutil-extra ${TOOLS.join(' ')}`);
  expect(install).toEqual({ ...install, code: 0 });
  const config = snippet('docs/bundlers.md: { "testMatch": ["**/*.test.js", "**/*.test.mjs"] }');
  await folder.write('jest.config.json', config.code);
  await folder.write(
    'required.test.js',
    `const { ${NAMES} } = require('psutil-extra');\nconst timers = jest;\n${TESTS}`,
  );
  await folder.write(
    'imported.test.mjs',
    `import { jest as timers } from '@jest/globals';\nimport { ${NAMES} } from 'psutil-extra';\n${TESTS}`,
  );
  await folder.write('forgotten.test.js', FORGOTTEN);
  await folder.write('vitest.config.mjs', "export default { test: { include: ['spec.mjs'] } };");
  await folder.write('spec.mjs', `import { ${NAMES} } from 'psutil-extra';\n${VITEST}\n${TESTS}`);
}, 240_000);

afterAll(async () => {
  await folder[Symbol.asyncDispose]();
  await packed[Symbol.asyncDispose]();
});

const PASSED = { code: 0, stdout: expect.any(String), stderr: expect.any(String) };

describe('Jest', () => {
  it('requires it', async () => {
    expect(await folder.shell('npx jest required')).toEqual({ ...PASSED, stderr: BOTH_PASSED });
  });

  it('imports it', async () => {
    const imported = await folder.shell('npx jest imported', { NODE_OPTIONS: '--experimental-vm-modules' });
    expect(imported).toEqual({ ...PASSED, stderr: BOTH_PASSED });
  });

  it('may forget all modules before each test', async () => {
    expect(await folder.shell('npx jest --resetModules forgotten')).toEqual({ ...PASSED, stderr: BOTH_PASSED });
  });
});

describe('Vitest', () => {
  it.each(['forks', 'threads', 'vmForks', 'vmThreads'])('imports it in its pool %s', async (pool) => {
    const ran = await folder.shell(`npx vitest run --pool ${pool}`);
    expect(ran).toEqual({ ...PASSED, stdout: BOTH_PASSED });
  });
});

describe('tsx', () => {
  it.each([
    { type: 'commonjs', file: 'program.ts' },
    { type: 'commonjs', file: 'program.mts' },
    { type: 'module', file: 'program.ts' },
  ])(
    'runs $file in a project of type $type, under each Node',
    async ({ type, file }) => {
      await folder.shell(`npm pkg set type=${type}`);
      try {
        await folder.write(file, PROGRAM);
        for (const version of NODES) {
          const tsx = `'${await nodePath(version)}' --import tsx ${file}`;
          expect({ version, ...(await folder.shell(tsx)) }).toEqual({
            version,
            code: 0,
            stdout: 'true true\n',
            stderr: '',
          });
        }
      } finally {
        await folder.shell('npm pkg delete type');
      }
    },
    120_000,
  );
});

const BOTH_PASSED = expect.stringMatching(/Tests:? .*2 passed/);
const NAMES = 'createClient, NoSuchProcessError';
const VITEST = "import { expect, test, vi as timers } from 'vitest';";
/** The client was made before: what it loads later has the same classes. */
const FORGOTTEN = `
const { createClient, NoSuchProcessError } = require('psutil-extra');
const client = createClient({ threads: 1 });
afterAll(() => client.close());
test('rejects with the error of its package', async () => {
  await expect(client.umask(2 ** 22 + 1)).rejects.toBeInstanceOf(NoSuchProcessError);
});
test('knows its own processes', async () => {
  const child = require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
  const found = await client.process(child.pid);
  expect(await client.ppid(found)).toBe(process.pid);
  const ended = client.waitForExit(found);
  child.kill();
  expect(await ended).toEqual({ code: null, signal: 'SIGTERM' });
});
`;
const TESTS = `
test('reads', async () => {
  const client = createClient({ threads: 1 });
  expect(await client.umask(process.pid)).toBe(process.umask());
  await expect(client.umask(2 ** 30)).rejects.toBeInstanceOf(NoSuchProcessError);
  const own = await client.oneshot(process.pid, async (p) => [await p.umask(), await p.pgid()]);
  expect(own).toEqual([process.umask(), expect.any(Number)]);
  const table = await client.scan({ fields: ['umask'], pids: new Set([process.pid]) });
  expect(table.get(process.pid).umask).toBe(process.umask());
  expect((await client.scan()).length).toBeGreaterThan(1);
  const before = await client.getrlimit(process.pid, 'RLIMIT_CORE');
  expect(await client.rlimit(process.pid, 'RLIMIT_CORE', before)).toEqual(before);
  expect(await (await client.process(process.pid)).isRunning()).toBe(true);
  await client.close();
});

test('reads while timers are fake', async () => {
  timers.useFakeTimers();
  try {
    const client = createClient({ threads: 1 });
    expect(await client.umask(process.pid)).toBe(process.umask());
    expect(await client.oneshot(process.pid, async (p) => [await p.umask(), await p.rlimits()])).toHaveLength(2);
    expect((await client.scan()).length).toBeGreaterThan(1);
    await client.close();
  } finally {
    timers.useRealTimers();
  }
});
`;
const PROGRAM = `
import { createClient, type Client, NoSuchProcessError } from 'psutil-extra';
async function main(): Promise<void> {
  const client: Client = createClient({ threads: 1 });
  const own = await client.oneshot(process.pid, async (p) => [await p.umask(), await p.pgid()]);
  const gone = await client.umask(2 ** 30).catch((error: unknown) => error instanceof NoSuchProcessError);
  console.log(own[0] === process.umask(), gone);
  await client.close();
}
void main();
`;
