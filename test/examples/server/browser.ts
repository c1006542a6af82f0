import { mkdir } from 'node:fs/promises';
import { chromium, type Page } from 'playwright-core';

/** A size of the window, and whether its user prefers dark. */
export interface Look {
  readonly width: number;
  readonly height: number;
  readonly dark?: boolean;
}

export const WIDE: Look = { width: 1280, height: 800 };

/** A page in the system's Chromium, with nothing left over from pages before. */
export interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  /** What the page complained of: errors, refused resources, requests to any other server. */
  readonly complaints: string[];
}

/** The system's Chromium, with a profile that is empty and goes with it. */
export interface Browser extends AsyncDisposable {
  open(url: string, look: Look): Promise<OpenPage>;
}

export async function browser(): Promise<Browser> {
  const started = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    headless: true,
    // Nothing but the page: no updates, no reports, no other protocols, no GPU that a server has not.
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return {
    async open(url, { dark = false, ...viewport }) {
      const context = await started.newContext({ viewport, colorScheme: dark ? 'dark' : 'light' });
      const complaints: string[] = [];
      const page = await context.newPage();
      page.on('console', (message) => {
        // That a process has ended is an answer, which Chromium reports as an error.
        const isAnswer = message.text().includes('404') && message.location().url.includes('/processes/');
        if (['error', 'warning'].includes(message.type()) && !isAnswer) complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('request', (request) => {
        const to = request.url();
        if (!to.startsWith(new URL(url).origin) && !to.startsWith('data:')) complaints.push(`asked ${to}`);
      });
      await page.goto(url);
      return { page, complaints, [Symbol.asyncDispose]: () => context.close() };
    },
    [Symbol.asyncDispose]: () => started.close(),
  };
}

/** Saves a picture of the page, if `PSUTIL_EXTRA_PICTURES` names a folder for them. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['PSUTIL_EXTRA_PICTURES'];
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${name}.png` });
}
