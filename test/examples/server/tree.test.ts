import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lacking } from '../../processes/abilities.js';
import { Spawned } from '../../processes/spawned.js';
import { until } from '../../processes/until.js';
import { picture, WIDE } from './browser.js';
import { pages } from './pages.js';

let parent: Spawned;

beforeAll(() => {
  if (lacking.chromium[0]) return;
  parent = new Spawned(['sh', '-c', 'sleep 98765 & sleep 98766 & wait'], { stdio: 'ignore', detached: true });
});

afterAll(() => {
  // With its children, which are in its process group.
  if (parent !== undefined) process.kill(-parent.pid, 'SIGKILL');
});

/** A line, as far as it is looked at. */
interface Row {
  readonly ariaLevel: string;
  readonly dataset: { readonly pid: string };
  readonly cells: readonly { readonly textContent: string }[];
}

describe('the tree', () => {
  const shown = pages();

  /** The levels and names of the lines that are shown from the parent on. */
  async function below(): Promise<{ level: number; text: string }[]> {
    const lines = await shown.page.locator('#branches tr').evaluateAll((rows) =>
      (rows as unknown as Row[]).map(({ ariaLevel, dataset, cells }) => ({
        level: Number(ariaLevel),
        pid: Number(dataset.pid),
        text: (cells[0]?.textContent ?? '').replace(/^[▾▸]?/, ''),
      })),
    );
    const from = lines.findIndex(({ pid }) => pid === parent.pid);
    const end = lines.findIndex(({ level }, at) => at > from && level <= (lines[from]?.level ?? 0));
    return lines.slice(from, end < 0 ? undefined : end).map(({ level, text }) => ({ level, text }));
  }

  async function open(): Promise<void> {
    await shown.open(WIDE, '#/tree');
    await shown.page.getByRole('searchbox').fill('sleep 9876');
    await shown.line(parent.pid).waitFor();
  }

  it('has children below their parent, and the ancestors of what is searched', async () => {
    await open();
    await until('both children are there', async () => (await below()).length === 3);
    const [first, ...children] = await below();
    expect(first?.text).toMatch(/^sh /);
    expect(children).toEqual([
      { level: (first?.level ?? 0) + 1, text: 'sleep sleep 98765' },
      { level: (first?.level ?? 0) + 1, text: 'sleep sleep 98766' },
    ]);
    // PID 1 is above all.
    expect(first?.level).toBeGreaterThan(1);
    await picture(shown.page, 'tree-1280x800');
  });

  it('adds up what a process and all below it use', async () => {
    await open();
    await until('both children are there', async () => (await below()).length === 3);
    const line = shown.line(parent.pid);
    const own = Number.parseFloat((await line.locator('td.memory').textContent()) as string);
    const all = Number.parseFloat((await line.locator('td.sum').last().textContent()) as string);
    expect(all).toBeGreaterThan(own);
  });

  it('closes and opens a process with the arrow keys, and with a click', async () => {
    await open();
    const { page } = shown;
    const line = shown.line(parent.pid);
    await line.focus();
    await page.keyboard.press('ArrowLeft');
    expect(await line.getAttribute('aria-expanded')).toBe('false');
    expect(await below()).toHaveLength(1);
    expect(await line.locator('.command').textContent()).toBe('and 2 below it');
    await page.keyboard.press('ArrowRight');
    expect(await below()).toHaveLength(3);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowLeft');
    expect(await page.locator('tr:focus').getAttribute('data-pid')).toBe(String(parent.pid));
    await line.locator('.toggle').click();
    expect(await line.getAttribute('aria-expanded')).toBe('false');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `sh ${parent.pid}` }).waitFor();
  });

  it('has one line that the tab key comes to', async () => {
    await open();
    expect(await shown.page.locator('#branches [tabindex="0"]').count()).toBe(1);
  });
});
