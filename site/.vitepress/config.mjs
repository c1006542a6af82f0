import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitepress';
import { documents, read, SOURCE, titleOf } from '../src/repository.mjs';

const documented = documents()
  .filter(({ page }) => page.startsWith('inside/'))
  .map(({ file, page }) => ({ text: titleOf(read(file)), link: `/${page.replace(/\.md$/, '')}` }));
/** What those look for who use it, not those who build it. */
const OF_USE = new Set([
  '/inside/bundlers',
  '/inside/command',
  '/inside/diagnostics',
  '/inside/acting',
  '/inside/events',
  '/inside/live',
  '/inside/bpf',
  '/inside/security',
  '/inside/reliability',
]);
const ofUse = documented.filter(({ link }) => OF_USE.has(link));
const inside = documented.filter(({ link }) => !OF_USE.has(link));
const listed = join(SOURCE, 'reference/typedoc-sidebar.json');
const reference = existsSync(listed) ? JSON.parse(readFileSync(listed, 'utf8')) : [];

const guide = [
  {
    text: 'Begin',
    items: [
      { text: 'Start in five minutes', link: '/start' },
      { text: 'Fields, signals, limits', link: '/fields' },
      { text: 'oneshot', link: '/oneshot' },
      { text: 'Scans and columns', link: '/scans' },
      { text: 'Errors', link: '/errors' },
      { text: 'Clients and their options', link: '/clients' },
      { text: 'Platforms', link: '/platforms' },
      { text: 'Performance', link: '/performance' },
      { text: 'Questions', link: '/faq' },
    ],
  },
  { text: 'In use', items: ofUse },
  {
    text: 'Coming from',
    items: [
      { text: 'psutil-extra (Python)', link: '/from-python' },
      { text: 'ps, systeminformation, /proc', link: '/from-others' },
    ],
  },
  {
    text: 'Recipes',
    items: [
      { text: 'Questions about a machine', link: '/recipes/machine' },
      { text: 'Supervise, log, stop', link: '/recipes/supervise' },
      { text: 'Fastify', link: '/recipes/fastify' },
      { text: 'A whole server', link: '/recipes/server' },
      { text: 'A BullMQ worker', link: '/recipes/bullmq' },
      { text: 'A sidecar in Kubernetes', link: '/recipes/kubernetes' },
      { text: 'A command of your own', link: '/recipes/cli' },
    ],
  },
  { text: 'Inside', items: inside, collapsed: true },
];

export default defineConfig({
  title: 'psutil-extra',
  description: 'Look into any process from Node.js without blocking its event loop',
  lang: 'en',
  srcDir: 'build/source',
  outDir: 'dist',
  cacheDir: 'build/cache',
  cleanUrls: true,
  // Where the site will stand is a setting: SITE_BASE=/psutil-extra/ for a folder.
  base: process.env['SITE_BASE'] ?? '/',
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  themeConfig: {
    nav: [
      { text: 'Guide', link: '/start' },
      { text: 'Recipes', link: '/recipes/fastify' },
      { text: 'Reference', link: '/reference/' },
    ],
    sidebar: { '/reference/': [{ text: 'Reference', items: reference }], '/': guide },
    outline: [2, 3],
    // Searches in the browser; nobody else is asked.
    search: { provider: 'local' },
  },
});
