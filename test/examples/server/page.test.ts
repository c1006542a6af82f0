import { hostname } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Child, named, shell } from '../../cli-child.js';
import { lacking } from '../../processes/abilities.js';
import { kilobytes, statusLine } from '../../processes/proc.js';
import { Spawned } from '../../processes/spawned.js';
import { until } from '../../processes/until.js';
import { type Look, picture, WIDE } from './browser.js';
import { pages } from './pages.js';

let stubborn: Child;

beforeAll(async () => {
  if (lacking.chromium[0]) return;
  stubborn = await shell(
    "trap '' TERM; umask 000; ulimit -n 12; exec 3</dev/null 4</dev/null 5</dev/null 6</dev/null 7</dev/null 8</dev/null 9</dev/null",
  );
});

afterAll(() => stubborn?.[Symbol.asyncDispose]());

describe('the table', () => {
  const shown = pages();

  const shownPids = () =>
    shown.page
      .locator('#rows tr')
      .evaluateAll((rows) => rows.map((row) => Number((row as unknown as { dataset: { pid: string } }).dataset.pid)));

  it('has a line for each process, with what it is', async () => {
    await shown.open(WIDE);
    const line = await shown.find(stubborn.pid);
    expect(await line.locator('td.name').textContent()).toBe('sh');
    expect(await line.locator('td.umask').textContent()).toBe('000');
    const server = await shown.find(shown.server.pid);
    expect(await server.locator('td.name').textContent()).toMatch(/node|MainThread/);
    expect(await server.locator('td.command').textContent()).toContain('main.js --port 0 --every 300');
  });

  it('says which machine it shows, and how much of its processors and memory is used', async () => {
    const page = await shown.open(WIDE);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(hostname());
    await until('there is a second reading', async () =>
      /^\d[\d.]* %$/.test((await page.locator('#cpu b').textContent()) ?? ''),
    );
    expect(await page.locator('#memory small').textContent()).toMatch(/^of [\d.]+ [KMGT]iB$/);
    expect(await page.locator('#cpu .line').getAttribute('d')).toMatch(/^M/);
  });

  it('puts the busiest process first, with a line of what it used before', async () => {
    using busy = new Spawned([process.execPath, '-e', 'for (;;);'], { stdio: 'ignore' });
    const page = await shown.open(WIDE);
    const cpu = (await shown.find(busy.pid)).locator('td.cpu');
    await until('it is busy', async () => Number(await cpu.textContent()) > 20);
    await until('there are two points', async () => (await cpu.locator('.line').getAttribute('d'))?.includes('L'));
    await page.getByRole('searchbox').fill('');
    // Other programs may be as busy.
    await until('it is among the first', async () => (await shownPids()).slice(0, 10).includes(busy.pid));
  });

  it('shows the resident memory of a process as the kernel has it', async () => {
    await shown.open(WIDE);
    const text = await (await shown.find(stubborn.pid)).locator('td.memory').textContent();
    expect(text).toMatch(/^[\d.]+ MiB$/);
    const resident = kilobytes(statusLine(stubborn.pid, 'VmRSS')) / 1024 ** 2;
    expect(Math.abs(Number.parseFloat(text as string) - resident)).toBeLessThan(0.3);
  });

  it('shows signals and limits as pictures, and says in words what they show', async () => {
    await shown.open({ width: 1600, height: 800 });
    const line = await shown.find(stubborn.pid);
    const signals = line.locator('td.signals img');
    expect(await signals.getAttribute('alt')).toMatch(/^ignores SIGTERM(;|$)/);
    const limits = line.locator('td.limits img');
    expect(await limits.getAttribute('alt')).toContain('open files: 12');
    // An image that is blocked by the page's policy or invalid has no natural size.
    for (const image of [signals, limits]) {
      expect(
        await image.evaluate((each) => (each as unknown as { naturalWidth: number }).naturalWidth),
      ).toBeGreaterThan(20);
    }
  });

  it('shows how much of a limit is used, and marks processes near it', async () => {
    await shown.open(WIDE);
    const line = await shown.find(stubborn.pid);
    expect(await line.locator('td.files').textContent()).toMatch(/^\d+ \/ 12$/);
    expect(await line.locator('.bar.near').count()).toBe(1);
    const server = await shown.find(shown.server.pid);
    expect(await server.locator('.bar').count()).toBe(1);
    expect(await server.locator('.bar.near').count()).toBe(0);
  });

  it('sorts by a column, and the other way round at a second click', async () => {
    const page = await shown.open(WIDE);
    await page.locator('th.pid button').click();
    const ascending = await shownPids();
    expect(ascending.length).toBeGreaterThan(2);
    expect(ascending).toEqual(ascending.toSorted((a, b) => a - b));
    await page.locator('th.pid button').click();
    const descending = await shownPids();
    expect(descending).toEqual(descending.toSorted((a, b) => b - a));
    expect(await page.locator('th.pid').getAttribute('aria-sort')).toBe('descending');
  });

  it('sets off the head by which it is sorted', async () => {
    const page = await shown.open(WIDE);
    await page.locator('th[aria-sort]').waitFor();
    const colours = async (selector: string) =>
      new Set<string>(
        await page.evaluate(
          `Array.from(document.querySelectorAll('${selector}'), (head) => getComputedStyle(head).color)`,
        ),
      );
    const [sorted] = await colours('#processes th[aria-sort] button');
    const others = await colours('#processes th:not([aria-sort]) button');
    expect(others.size).toBe(1);
    expect([...others]).not.toContain(sorted);
  });

  it('filters by name, by command line, by mark, and says how many there are', async () => {
    const page = await shown.open(WIDE);
    await page.getByLabel('ignores SIGTERM').check();
    await page.getByLabel('umask 000').check();
    expect(await shownPids()).toContain(stubborn.pid);
    expect(await shownPids()).not.toContain(shown.server.pid);
    await page.getByRole('searchbox').fill('echo ready; read line');
    expect(await shownPids()).toContain(stubborn.pid);
    await page.getByRole('searchbox').fill('no such name');
    expect(await shownPids()).toEqual([]);
    expect(await page.getByText('No process is like that.').first().isVisible()).toBe(true);
    expect(await page.locator('#count').textContent()).toMatch(/^0 of \d+$/);
  });

  it('leaves out kernel threads, until they are requested', async ({ skip }) => {
    skip(...lacking.kernelThread);
    const page = await shown.open(WIDE);
    await page.getByRole('searchbox').fill('kthreadd');
    expect(await shownPids()).not.toContain(2);
    await page.getByLabel('the kernel’s own').check();
    expect(await shown.line(2).locator('td.name').textContent()).toBe('[kthreadd]');
  });

  it('shows a process that begins, and drops it when it has ended', async () => {
    await shown.open(WIDE);
    const name = 'guest <b>&';
    const guest = await named(name);
    const line = await shown.find(guest.pid);
    // A name is text, whatever it looks like.
    await until('it has its name', async () => (await line.locator('td.name').textContent()) === name);
    await guest[Symbol.asyncDispose]();
    await line.waitFor({ state: 'detached' });
  });

  it('leads to the page of a process that is chosen, by mouse and by keyboard', async () => {
    const page = await shown.open(WIDE);
    await (await shown.find(stubborn.pid)).locator('td.state').click();
    await page.getByRole('heading', { name: `sh ${stubborn.pid}` }).waitFor();
    await page.goBack();
    await shown.line(stubborn.pid).getByRole('link').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `sh ${stubborn.pid}` }).waitFor();
  });

  it('leaves the links to the views in sight when one is chosen', async () => {
    const page = await shown.open({ width: 1280, height: 400 });
    await page.getByRole('link', { name: 'Events' }).click();
    await page.locator('body[data-view=events]').waitFor();
    expect(await page.evaluate('window.scrollY')).toBe(0);
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
  });

  it('is gone through with the arrow keys, and keeps its order meanwhile', async () => {
    const page = await shown.open(WIDE);
    await page.locator('#rows a').first().focus();
    const before = await shownPids();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await page.locator('#rows tr:has(a:focus)').getAttribute('data-pid')).toBe(String(before[2]));
    const status = await page.locator('#status').textContent();
    await until('it was read again', async () => (await page.locator('#status').textContent()) !== status);
    const after = await shownPids();
    expect(after).toEqual(before.filter((pid) => after.includes(pid)));
  });

  it.each<Look>([WIDE, { width: 390, height: 844 }, { width: 1050, height: 700 }, { width: 2000, height: 1100 }])(
    'fits into $width × $height',
    async (look) => {
      const page = await shown.open(look);
      await until('there are open files', async () => (await page.locator('.bar').count()) > 0);
      const [content, window] = await page.evaluate<[number, number]>(
        '[document.documentElement.scrollWidth, window.innerWidth]',
      );
      expect(content).toBeLessThanOrEqual(window);
      await picture(page, `page-${look.width}x${look.height}`);
    },
  );
});
