import { mkdir } from 'node:fs/promises';
import { type ChildServer, childServer } from '@psutil-extra/example-server/child-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Child, named, shell } from '../../cli-child.js';
import { lacking } from '../../processes/abilities.js';
import { until } from '../../processes/until.js';
import { type OpenPage, openPage } from './browser.js';

const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 390, height: 844 };
/** Where screenshots of the page are written, if this is set. */
const PICTURES = process.env['PSUTIL_EXTRA_PICTURES'];

let server: ChildServer;
let open: OpenPage | undefined;
let stubborn: Child;

/** The page at a size, once it shows processes. */
async function pageAt(size: typeof WIDE): Promise<OpenPage['page']> {
  open = await openPage(server.url, size);
  await open.page.locator('tr[data-pid]').first().waitFor();
  return open.page;
}

const line = (pid: number) => (open as OpenPage).page.locator(`tr[data-pid="${pid}"]`);
const shownPids = () =>
  (open as OpenPage).page
    .locator('tbody tr')
    .evaluateAll((rows) => rows.map((row) => Number((row as unknown as { dataset: { pid: string } }).dataset.pid)));

describe('the live page', () => {
  beforeEach(({ skip }) => skip(...lacking.chromium));

  beforeAll(async () => {
    if (lacking.chromium[0]) return;
    stubborn = await shell(
      "trap '' TERM; umask 000; ulimit -n 12; exec 3</dev/null 4</dev/null 5</dev/null 6</dev/null 7</dev/null 8</dev/null 9</dev/null",
    );
    server = await childServer(['--every', '300']);
  });

  afterEach(async () => {
    const complaints = open?.complaints ?? [];
    await open?.[Symbol.asyncDispose]();
    open = undefined;
    expect(complaints).toEqual([]);
  });

  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await stubborn?.[Symbol.asyncDispose]();
  });

  it('has a line for each process, with what it is', async () => {
    await pageAt(WIDE);
    expect(await line(stubborn.pid).locator('td.name').textContent()).toBe('sh');
    expect(await line(stubborn.pid).locator('td.umask').textContent()).toBe('000');
    expect(await line(server.pid).locator('td.name').textContent()).toMatch(/node|MainThread/);
  });

  it('shows signals and limits as pictures, and says in words what they show', async () => {
    await pageAt(WIDE);
    const signals = line(stubborn.pid).locator('td.signals img');
    expect(await signals.getAttribute('alt')).toMatch(/^ignores SIGTERM(;|$)/);
    const limits = line(stubborn.pid).locator('td.limits img');
    expect(await limits.getAttribute('alt')).toContain('open files: 12');
    // An image that is blocked by the page's policy or invalid has no natural size.
    for (const image of [signals, limits]) {
      expect(
        await image.evaluate((each) => (each as unknown as { naturalWidth: number }).naturalWidth),
      ).toBeGreaterThan(20);
    }
  });

  it('shows how much of a limit is used, and marks processes near it', async () => {
    await pageAt(WIDE);
    await until('its open files are counted', async () =>
      (await line(stubborn.pid).locator('td.files').textContent())?.endsWith('/ 12'),
    );
    expect(await line(stubborn.pid).locator('.bar.near').count()).toBe(1);
    expect(await line(server.pid).locator('.bar.near').count()).toBe(0);
  });

  it('sorts by a column, and the other way round at a second click', async () => {
    const page = await pageAt(WIDE);
    const ascending = await shownPids();
    expect(ascending).toEqual(ascending.toSorted((a, b) => a - b));
    await page.locator('th.pid button').click();
    const descending = await shownPids();
    expect(descending).toEqual(descending.toSorted((a, b) => b - a));
    expect(await page.locator('th.pid').getAttribute('aria-sort')).toBe('descending');
  });

  it('filters by name, by mark, and says how many there are', async () => {
    const page = await pageAt(WIDE);
    await page.getByLabel('ignores SIGTERM').check();
    await page.getByLabel('umask 000').check();
    expect(await shownPids()).toContain(stubborn.pid);
    expect(await shownPids()).not.toContain(server.pid);
    await page.getByRole('searchbox').fill('no such name');
    expect(await shownPids()).toEqual([]);
    expect(await page.getByText('No process is like that.').isVisible()).toBe(true);
    expect(await page.locator('#count').textContent()).toMatch(/^0 of \d+$/);
  });

  it('leaves out kernel threads, until they are requested', async ({ skip }) => {
    skip(...lacking.kernelThread);
    const page = await pageAt(WIDE);
    expect(await shownPids()).not.toContain(2);
    await page.getByLabel('the kernel’s own').check();
    expect(await line(2).locator('td.name').textContent()).toBe('[kthreadd]');
  });

  it('shows a process that begins, and drops it when it has ended', async () => {
    const page = await pageAt(WIDE);
    const name = 'guest <b>&';
    const guest = await named(name);
    await page.getByRole('searchbox').fill('guest');
    await line(guest.pid).waitFor();
    // A name is text, whatever it looks like.
    expect(await line(guest.pid).locator('td.name').textContent()).toBe(name);
    await guest[Symbol.asyncDispose]();
    await line(guest.pid).waitFor({ state: 'detached' });
  });

  it('shows everything of a process that is chosen', async () => {
    const page = await pageAt(WIDE);
    await line(stubborn.pid).click();
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    const shownText = await dialog.textContent();
    expect(shownText).toContain(`sh ${stubborn.pid}`);
    expect(shownText).toContain('SIGTERM');
    expect(shownText).toContain('open files12of 12');
    await picture(page, 'detail-1280x800.png');
    await page.getByRole('button', { name: 'close' }).click();
    await dialog.waitFor({ state: 'hidden' });
  });

  it.each([WIDE, NARROW])('fits into $width × $height', async (size) => {
    const page = await pageAt(size);
    await until('open files are counted', async () => (await page.locator('.bar').count()) > 0);
    const across = await page.evaluate('[document.documentElement.scrollWidth, window.innerWidth]');
    const [content, window] = across as [number, number];
    expect(content).toBeLessThanOrEqual(window);
    await picture(page, `page-${size.width}x${size.height}.png`);
  });
});

async function picture(page: OpenPage['page'], file: string): Promise<void> {
  if (PICTURES === undefined) return;
  await mkdir(PICTURES, { recursive: true });
  await page.screenshot({ path: `${PICTURES}/${file}` });
}
