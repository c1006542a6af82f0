import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Child, shell } from '../../cli-child.js';
import { lacking } from '../../processes/abilities.js';
import { Spawned } from '../../processes/spawned.js';
import { until } from '../../processes/until.js';
import { picture, WIDE } from './browser.js';
import { pages } from './pages.js';

let limited: Child;

beforeAll(async () => {
  if (lacking.chromium[0]) return;
  limited = await shell("trap '' TERM; umask 027; ulimit -n 100; ulimit -S -s 1024; exec 7</etc/passwd");
});

afterAll(() => limited?.[Symbol.asyncDispose]());

describe('the page of a process', () => {
  const shown = pages();

  /** The text of a part of the page, once it has been read. */
  async function section(heading: string): Promise<string> {
    const part = shown.page.locator('#process section', { has: shown.page.getByRole('heading', { name: heading }) });
    await part.locator('dl, table').first().waitFor();
    return (await part.locator('dt, dd, th, td').allTextContents()).join(' ');
  }

  it('has its fields by group', async () => {
    const page = await shown.open(WIDE, `#/process/${limited.pid}`);
    expect(await section('User and rights')).toMatch(/umask\s+027/);
    expect(await section('Identity')).toMatch(new RegExp(`ppid\\s+${process.pid}\\b`));
    expect(await section('Signals')).toMatch(/ignored\s+SIGTERM/);
    expect(await page.title()).toMatch(`sh ${limited.pid} – `);
    await picture(page, 'process-1280x800');
  });

  it('has what it uses as large lines, with their scale', async () => {
    const page = await shown.open(WIDE, `#/process/${shown.server.pid}`);
    const memory = page.locator('figure', { hasText: 'resident memory' });
    await until('it was read twice', async () => (await memory.locator('.line').getAttribute('d'))?.includes('L'));
    expect(await memory.locator('.top').textContent()).toMatch(/^[\d.]+ MiB$/);
    expect(await memory.locator('.bottom').textContent()).toBe('0');
  });

  it('has its descriptors', async () => {
    await shown.open(WIDE, `#/process/${limited.pid}`);
    expect(await section('Descriptors')).toMatch(/7\s+file\s+read\s+0\s+\/etc\/passwd/);
  });

  it('has its sockets', async () => {
    const listener = createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    try {
      const { port } = listener.address() as { port: number };
      await shown.open(WIDE, `#/process/${process.pid}`);
      expect(await section('Sockets')).toMatch(new RegExp(`inet\\s+stream\\s+listen\\s+127\\.0\\.0\\.1:${port}\\b`));
    } finally {
      listener.close();
    }
  });

  it('has its limits as bars on a scale', async () => {
    const page = await shown.open(WIDE, `#/process/${limited.pid}`);
    expect(await section('Limits')).toMatch(/open files\s+100\s+same\s+\d+/);
    const place = (target: ReturnType<typeof page.locator>, side: 'left' | 'right') =>
      target.evaluate((each, edge) => {
        const box = (each as unknown as { getBoundingClientRect(): Record<string, number> }).getBoundingClientRect();
        return edge === 'right' ? (box['right'] as number) : ((box['left'] as number) + (box['right'] as number)) / 2;
      }, side);
    const bars = page.locator('table.limits', { hasText: 'open files' });
    const row = bars.locator('tbody tr', { hasText: 'open files' });
    const hundred = bars.locator('.ticks span').getByText('100', { exact: true });
    // A soft limit of 100 ends where the scale says 100.
    expect(Math.abs((await place(row.locator('.soft').last(), 'right')) - (await place(hundred, 'left')))).toBeLessThan(
      2,
    );
    const sizes = page.locator('table.limits', { hasText: 'stack' });
    const mebibyte = sizes.locator('.ticks span').getByText('1 MiB', { exact: true });
    const stack = sizes.locator('tbody tr', { hasText: 'stack' });
    expect(Math.abs((await place(stack.locator('i.soft'), 'right')) - (await place(mebibyte, 'left')))).toBeLessThan(2);
  });

  it('has its environment only when it is asked for', async () => {
    using child = new Spawned(['sleep', '1000'], { env: { SECRET_OF_TEST: '<i>hidden</i>' }, stdio: 'ignore' });
    const page = await shown.open(WIDE, `#/process/${child.pid}`);
    await section('Identity');
    expect(await page.locator('#process').textContent()).not.toContain('SECRET_OF_TEST');
    await page.getByText('Environment', { exact: true }).click();
    await page.getByRole('cell', { name: '<i>hidden</i>' }).waitFor();
  });

  it('says that the process has ended, and keeps what was known of it', async () => {
    const child = new Spawned(['sleep', '1000'], { stdio: 'ignore' });
    const page = await shown.open(WIDE, `#/process/${child.pid}`);
    expect(await section('Identity')).toMatch(/cwd\s+\//);
    await child.end();
    await page.getByRole('alert').getByText('It has ended.').waitFor();
    expect(await section('Identity')).toMatch(/cwd\s+\//);
  });

  it('leads to its parent', async () => {
    const page = await shown.open(WIDE, `#/process/${limited.pid}`);
    await page.locator('.summary a').click();
    await page.getByRole('heading', { level: 2, name: new RegExp(` ${process.pid}$`) }).waitFor();
  });
});
