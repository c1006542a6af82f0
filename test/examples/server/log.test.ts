import { describe, expect, it } from 'vitest';
import { Spawned } from '../../processes/spawned.js';
import { picture, WIDE } from './browser.js';
import { pages } from './pages.js';

describe('the log of events', () => {
  const shown = pages();
  const lines = (text: string) => shown.page.locator('#happenings li', { hasText: text });

  it('has a line for each process that begins and ends, with its name and how it ended', async () => {
    const page = await shown.open(WIDE, '#/events');
    const child = new Spawned(['sh', '-c', 'sleep 0.7; exit 7'], { stdio: 'ignore' });
    await lines(`sh ${child.pid}`).filter({ hasText: 'code 7' }).waitFor();
    const line = lines(`sh ${child.pid}`).filter({ hasText: 'ends' });
    expect(await line.getAttribute('class')).toBe('exit failure');
    await picture(page, 'events-1280x800');
  });

  it('shows what a process executes, with its command line', async () => {
    await shown.open(WIDE, '#/events');
    using child = new Spawned(['sleep', '12345'], { stdio: 'ignore' });
    await lines(`sleep ${child.pid}`).filter({ hasText: 'executes' }).filter({ hasText: 'sleep 12345' }).waitFor();
  });

  it('can be narrowed to failures, and to a text', async () => {
    const page = await shown.open(WIDE, '#/events');
    for (const kind of ['begins', 'executes', 'ends']) await page.getByLabel(kind).uncheck();
    const good = new Spawned(['sh', '-c', 'sleep 0.7; exit 0'], { stdio: 'ignore' });
    await page.getByRole('searchbox', { name: /of an event/ }).fill(String(good.pid));
    await page.getByLabel('ends').check();
    await lines(String(good.pid)).waitFor();
    await page.getByLabel('ends').uncheck();
    await lines(String(good.pid)).waitFor({ state: 'detached' });
    const bad = new Spawned(['sh', '-c', 'sleep 0.7; kill -TERM $$'], { stdio: 'ignore' });
    await page.getByRole('searchbox', { name: /of an event/ }).fill(String(bad.pid));
    await lines('SIGTERM').waitFor();
  });

  it('is paused by a key, and goes on', async () => {
    const page = await shown.open(WIDE, '#/events');
    await lines('').first().waitFor();
    await page.keyboard.press('p');
    expect(await page.getByLabel('pause').isChecked()).toBe(true);
    const child = new Spawned(['sh', '-c', 'exit 9'], { stdio: 'ignore' });
    const status = await page.locator('#status').textContent();
    await page
      .locator('#status')
      .filter({ hasNotText: status as string })
      .waitFor();
    expect(
      await lines('code 9')
        .filter({ hasText: String(child.pid) })
        .count(),
    ).toBe(0);
    await page.keyboard.press('p');
    await lines('code 9')
      .filter({ hasText: String(child.pid) })
      .waitFor();
  });
});
