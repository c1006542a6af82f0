import { hostname } from 'node:os';
import { type ChildServer, childServer } from '@psutil-extra/example-server/child-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Child, named, shell } from '../../cli-child.js';
import { lacking } from '../../processes/abilities.js';
import { kilobytes, statusLine } from '../../processes/proc.js';
import { Spawned } from '../../processes/spawned.js';
import { until } from '../../processes/until.js';
import { type Browser, browser, type Look, type OpenPage, picture, WIDE } from './browser.js';

const NARROW: Look = { width: 390, height: 844 };

let server: ChildServer;
let chromium: Browser;
let open: OpenPage | undefined;
let stubborn: Child;

/** The page, once it shows processes. There may be more of them than it shows at first: those of a PID, if one is given. */
async function pageAt(look: Look, pid?: number): Promise<OpenPage['page']> {
  open = await chromium.open(server.url, look);
  if (pid !== undefined) await open.page.getByRole('searchbox').fill(String(pid));
  await (pid === undefined ? open.page.locator('tr[data-pid]').first() : line(pid)).waitFor();
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
    chromium = await browser();
  });

  afterEach(async () => {
    const complaints = open?.complaints ?? [];
    await open?.[Symbol.asyncDispose]();
    open = undefined;
    expect(complaints).toEqual([]);
  });

  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
    await stubborn?.[Symbol.asyncDispose]();
  });

  it('has a line for each process, with what it is', async () => {
    await pageAt(WIDE, stubborn.pid);
    expect(await line(stubborn.pid).locator('td.name').textContent()).toBe('sh');
    expect(await line(stubborn.pid).locator('td.umask').textContent()).toBe('000');
    await (open as OpenPage).page.getByRole('searchbox').fill(String(server.pid));
    expect(await line(server.pid).locator('td.name').textContent()).toMatch(/node|MainThread/);
    expect(await line(server.pid).locator('td.command').textContent()).toContain('main.js --port 0 --every 300');
  });

  it('says which machine it shows, and how much of its processors and memory is used', async () => {
    const page = await pageAt(WIDE);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(hostname());
    await until('there is a second reading', async () =>
      /^\d[\d.]* %$/.test((await page.locator('#cpu b').textContent()) ?? ''),
    );
    expect(await page.locator('#memory small').textContent()).toMatch(/^of [\d.]+ [KMGT]iB$/);
    expect(await page.locator('#cpu .line').getAttribute('d')).toMatch(/^M/);
  });

  it('puts the busiest process first, with a line of what it used before', async () => {
    using busy = new Spawned([process.execPath, '-e', 'for (;;);'], { stdio: 'ignore' });
    const page = await pageAt(WIDE, busy.pid);
    const cpu = line(busy.pid).locator('td.cpu');
    await until('it is busy', async () => Number(await cpu.textContent()) > 20);
    await until('there are two points', async () => (await cpu.locator('.line').getAttribute('d'))?.includes('L'));
    await page.getByRole('searchbox').fill('');
    // Other programs may be as busy.
    await until('it is among the first', async () => (await shownPids()).slice(0, 10).includes(busy.pid));
  });

  it('shows the resident memory of a process as the kernel has it', async () => {
    await pageAt(WIDE, stubborn.pid);
    const text = await line(stubborn.pid).locator('td.memory').textContent();
    expect(text).toMatch(/^[\d.]+ MiB$/);
    const resident = kilobytes(statusLine(stubborn.pid, 'VmRSS')) / 1024 ** 2;
    expect(Math.abs(Number.parseFloat(text as string) - resident)).toBeLessThan(0.3);
  });

  it('shows signals and limits as pictures, and says in words what they show', async () => {
    await pageAt(WIDE, stubborn.pid);
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
    const page = await pageAt(WIDE, stubborn.pid);
    await until('its open files are counted', async () =>
      (await line(stubborn.pid).locator('td.files').textContent())?.endsWith('/ 12'),
    );
    expect(await line(stubborn.pid).locator('.bar.near').count()).toBe(1);
    await page.getByRole('searchbox').fill(String(server.pid));
    await line(server.pid).waitFor();
    expect(await line(server.pid).locator('.bar.near').count()).toBe(0);
  });

  it('sorts by a column, and the other way round at a second click', async () => {
    const page = await pageAt(WIDE);
    await page.locator('th.pid button').click();
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
    await page.getByRole('searchbox').fill('kthreadd');
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
    await until('it has its name', async () => (await line(guest.pid).locator('td.name').textContent()) === name);
    await guest[Symbol.asyncDispose]();
    await line(guest.pid).waitFor({ state: 'detached' });
  });

  it('shows everything of a process that is chosen', async () => {
    const page = await pageAt(WIDE, stubborn.pid);
    await line(stubborn.pid).click();
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    const shownText = await dialog.textContent();
    expect(shownText).toContain(`sh ${stubborn.pid}`);
    expect(shownText).toContain('SIGTERM');
    expect(shownText).toContain('open files12of 12');
    await picture(page, 'detail-1280x800');
    await page.getByRole('button', { name: 'close' }).click();
    await dialog.waitFor({ state: 'hidden' });
  });

  it.each([WIDE, NARROW])('fits into $width × $height', async (size) => {
    const page = await pageAt(size);
    await until('open files are counted', async () => (await page.locator('.bar').count()) > 0);
    const across = await page.evaluate('[document.documentElement.scrollWidth, window.innerWidth]');
    const [content, window] = across as [number, number];
    expect(content).toBeLessThanOrEqual(window);
    await picture(page, `page-${size.width}x${size.height}`);
  });
});
