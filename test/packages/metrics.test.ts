import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { snippet, snippetsOf } from '../documents/markdown.js';
import { EmptyFolder, registryHere } from './empty-folder.js';
import { type Shelf, shelf } from './shelf.js';

let packed: Shelf;

beforeAll(async () => {
  packed = await shelf(await registryHere());
});
afterAll(() => packed[Symbol.asyncDispose]());

/** Starts a command, waits until it says where it serves, fetches that, and ends it. */
const SCRAPE = (command: string) => `
timeout 60 ${command} 2>said &
serving=$!
until grep -q '^metrics on ' said; do kill -0 $serving || { cat said >&2; exit 1; }; sleep 0.2; done
node -e "fetch(process.argv[1]).then((answer) => answer.text()).then(console.log)" "$(sed -n 's/^metrics on //p' said)"
kill $serving
`;

describe('@psutil-extra/metrics in an empty folder', () => {
  it("serves metrics by the README's two commands, and runs its program", async () => {
    await using folder = await EmptyFolder.make(packed.url);
    const { code } = snippet('packages/metrics/README.md: npm install psutil-extra @psutil-extra/metrics');
    const [install = '', serve = ''] = code.trim().split('\n');
    expect(await folder.shell(install)).toMatchObject({ code: 0 });
    const scrape = await folder.shell(SCRAPE(serve.replace('9256', '0')));
    expect(scrape.stdout).toMatch(/^process_group_threads\{group="node"\} \d+$/m);
    const program = snippetsOf('packages/metrics/README.md').find(({ language }) => language === 'js');
    await folder.write('largest.mjs', String(program?.code));
    const printed = { code: 0, stdout: expect.stringMatching(/^ *\d+ MB /), stderr: '' };
    expect(await folder.shell('node largest.mjs')).toEqual(printed);
  }, 120_000);

  it('is named by the command where it is missing, with what to do', async () => {
    await using folder = await EmptyFolder.make(packed.url);
    expect(await folder.shell('npm install psutil-extra')).toMatchObject({ code: 0 });
    expect(await folder.shell('npx psutil-extra serve --metrics 0')).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'psutil-extra: serve needs the package @psutil-extra/metrics, which is not installed: npm install @psutil-extra/metrics (with npx: npx -p psutil-extra -p @psutil-extra/metrics psutil-extra …)\n',
    });
  }, 120_000);
});
