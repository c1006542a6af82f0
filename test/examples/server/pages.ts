import { type ChildServer, childServer } from '@psutil-extra/example-server/child-server';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { lacking } from '../../processes/abilities.js';
import { type Browser, browser, type Look, type OpenPage } from './browser.js';

/** A server and a browser for the tests of a file, and the page that a test opens. */
export interface Pages {
  readonly server: ChildServer;
  readonly page: Page;
  /** Opens the page at a place, such as `#/tree`; it shows something about processes when this resolves. */
  open(look: Look, place?: string): Promise<Page>;
  /** The line of a process, in the table or in the tree. */
  line(pid: number): Locator;
  /** Narrows the table or the tree to one process: others may be so many that it is not among those shown. */
  find(pid: number): Promise<Locator>;
}

/** Registers what begins before the tests of a file and ends after them. A page that complains fails its test. */
export function pages(): Pages {
  let server: ChildServer;
  let chromium: Browser | undefined;
  let open: OpenPage | undefined;

  beforeEach(({ skip }) => skip(...lacking.chromium));

  beforeAll(async () => {
    if (lacking.chromium[0]) return;
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
  });

  return {
    get server() {
      return server;
    },
    get page() {
      return (open as OpenPage).page;
    },
    async open(look, place = '') {
      open = await (chromium as Browser).open(`${server.url}/${place}`, look);
      await open.page.locator('#status', { hasText: 'read by' }).waitFor();
      return open.page;
    },
    line(pid) {
      return this.page.locator(`tr[data-pid="${pid}"]:visible`);
    },
    async find(pid) {
      await this.page.getByRole('searchbox').fill(String(pid));
      await this.line(pid).waitFor();
      return this.line(pid);
    },
  };
}
