import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { type Look, picture, WIDE } from './browser.js';
import { pages } from './pages.js';

/** What axe reports of a page. */
interface Report {
  readonly violations: readonly {
    readonly id: string;
    readonly help: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

const PLACES = ['#/', '#/tree', '#/events', '#/process/'] as const;
const LOOKS: readonly Look[] = [
  { width: 400, height: 800 },
  { width: 1280, height: 800, dark: true },
  { width: 2000, height: 1100 },
];

describe('the page for all', () => {
  const shown = pages();

  const place = (path: (typeof PLACES)[number]) => (path === '#/process/' ? `${path}${shown.server.pid}` : path);

  /** What axe, which looks for what some cannot see, hear or reach, finds wrong. */
  async function wrong(): Promise<unknown> {
    const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    await shown.page.evaluate(axe);
    const { violations } = await shown.page.evaluate<Report>('axe.run()');
    return violations.map(({ id, help, nodes }) => ({
      id,
      help,
      nodes: nodes.slice(0, 3).map(({ html, failureSummary }) => `${html} ${failureSummary}`),
    }));
  }

  /** Waits until the view has something to show. */
  async function open(look: Look, path: (typeof PLACES)[number]): Promise<void> {
    const page = await shown.open(look, place(path));
    const content = {
      '#/': '#rows tr',
      '#/tree': '#branches tr',
      '#/events': '#happenings li',
      '#/process/': 'table.limits',
    };
    await page.locator(content[path]).first().waitFor();
    // A few of the processes are as good as hundreds, and it takes axe seconds to look at those.
    if (path === '#/' || path === '#/tree') await shown.find(shown.server.pid);
  }

  describe.each(LOOKS)('at $width pixels, dark: $dark', (look) => {
    it.each(PLACES)('axe finds nothing wrong at %s, and it fits', async (path) => {
      await open(look, path);
      expect(await wrong()).toEqual([]);
      const [content, window] = await shown.page.evaluate<[number, number]>(
        '[document.documentElement.scrollWidth, window.innerWidth]',
      );
      expect(content).toBeLessThanOrEqual(window);
      await picture(shown.page, `${path.replace(/\W+/g, '') || 'table'}-${look.width}${look.dark ? '-dark' : ''}`);
    });
  });

  it('lists its keys, and is left and searched by them', async () => {
    const page = await shown.open(WIDE);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    expect(await wrong()).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('2');
    await page.locator('#branches tr').first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type(String(shown.server.pid));
    await shown.line(shown.server.pid).waitFor();
    await page.keyboard.press('Escape');
    await shown.line(shown.server.pid).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 2, name: String(shown.server.pid) }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('#branches tr').first().waitFor();
  });

  it('is dark or light by choice, and keeps it', async () => {
    const page = await shown.open({ ...WIDE, dark: true });
    const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const dark = await ground();
    await page.getByRole('button', { name: 'colours: system' }).click();
    await page.getByRole('button', { name: 'colours: dark' }).click();
    const light = await ground();
    expect(light).not.toBe(dark);
    await page.reload();
    expect(await ground()).toBe(light);
  });
});
