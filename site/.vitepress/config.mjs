import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitepress';
import { addressOfRepository, documents, read, SOURCE, titleOf } from '../src/repository.mjs';
import { markRows, searched, searching } from '../src/search.mjs';
import { keepWhole, wholeWords } from '../src/whole.mjs';

const inside = documents()
  .filter(({ page }) => page.startsWith('inside/') && page !== 'inside/results.md')
  .map(({ file, page }) => ({ text: titleOf(read(file)), link: `/${page.replace(/\.md$/, '')}` }));
const listed = join(SOURCE, 'reference/typedoc-sidebar.json');
const reference = existsSync(listed) ? JSON.parse(readFileSync(listed, 'utf8')) : [];

const start = {
  text: 'Start',
  items: [
    { text: 'Install, and the first program', link: '/start' },
    { text: '25 questions, one line each', link: '/questions' },
    { text: 'Frequent questions', link: '/faq' },
  ],
};
const recipes = {
  text: 'Recipes',
  items: [
    { text: 'All recipes by question', link: '/recipes/' },
    { text: 'Ports, files, memory, containers', link: '/recipes/machine' },
    { text: 'Restart, log and stop programs', link: '/recipes/supervise' },
    { text: 'A route in Fastify', link: '/recipes/fastify' },
    { text: 'A server with a live page', link: '/recipes/server' },
    { text: 'A worker of BullMQ', link: '/recipes/bullmq' },
    { text: 'A monitor in Kubernetes', link: '/recipes/kubernetes' },
    { text: 'A command of your own', link: '/recipes/cli' },
  ],
};
const others = {
  text: 'Coming from',
  items: [
    { text: 'ps-list', link: '/from/ps-list' },
    { text: 'pidusage', link: '/from/pidusage' },
    { text: 'systeminformation', link: '/from/systeminformation' },
    { text: 'find-process', link: '/from/find-process' },
    { text: 'tree-kill', link: '/from/tree-kill' },
    { text: 'fkill, process-exists, pid-port', link: '/from/fkill' },
    { text: 'psutil (Python)', link: '/from/psutil' },
    { text: 'psutil-extra (Python)', link: '/from/psutil-extra' },
    { text: 'ps and prlimit', link: '/from/ps' },
    { text: 'reading /proc yourself', link: '/from/proc' },
  ],
};
const guide = [
  start,
  {
    text: 'Read processes',
    items: [
      { text: 'Fields: all that can be read', link: '/fields' },
      { text: 'Scans: many processes at once', link: '/scans' },
      { text: 'oneshot: one process, read once', link: '/oneshot' },
      { text: 'Sampling: CPU and memory over time', link: '/sampling' },
      { text: 'Events: processes that start and end', link: '/events' },
      { text: 'Live table: always current', link: '/live' },
    ],
  },
  {
    text: 'Act on processes',
    items: [
      { text: 'Signal, stop a tree, wait', link: '/acting' },
      { text: 'Set limits and priority', link: '/fields#limits' },
    ],
  },
  {
    text: 'In your program',
    items: [
      { text: 'Errors, and what to do', link: '/errors' },
      { text: 'Options, closing, counters', link: '/clients' },
      { text: 'Jest, Vitest, bundlers', link: '/bundlers' },
      { text: 'Log each call: DEBUG and channels', link: '/diagnostics' },
    ],
  },
  {
    text: 'Many machines',
    items: [
      { text: 'Which engine for which question', link: '/fleet' },
      { text: 'Metrics: Prometheus, OpenTelemetry', link: '/metrics' },
      { text: 'History: Parquet and DuckDB', link: '/parquet' },
      { text: 'Questions: NATS', link: '/nats' },
      { text: 'Ten thousand hosts', link: '/fleet-scale' },
      { text: 'A transport of your own', link: '/remote' },
    ],
  },
  { text: 'On the command line', items: [{ text: 'npx psutil-extra', link: '/command' }] },
  {
    text: 'In production',
    items: [
      { text: 'What each system supports', link: '/platforms' },
      { text: 'Make it fast', link: '/performance' },
      { text: 'Measurements beside others', link: '/inside/results' },
      { text: 'BPF: scans at a tenth of the cost', link: '/bpf' },
      { text: 'Privileges and trust', link: '/security' },
      { text: 'How it was tested', link: '/reliability' },
    ],
  },
  recipes,
  others,
  { text: 'How it is built', items: inside, collapsed: true },
];

const address = addressOfRepository();

export default defineConfig({
  title: 'psutil-extra',
  description: 'What other processes do, for Node.js programs, without blocking the event loop',
  lang: 'en',
  srcDir: 'build/source',
  outDir: 'dist',
  cacheDir: 'build/cache',
  cleanUrls: true,
  // Where the site will stand is a setting: SITE_BASE=/psutil-extra/ for a folder.
  base: process.env['SITE_BASE'] ?? '/',
  transformPageData(page) {
    if (page.relativePath !== 'index.md' || address === undefined) return;
    page.frontmatter['hero'].actions.push({ theme: 'alt', text: 'Repository', link: address });
  },
  markdown: {
    config(md) {
      markRows(md);
      keepWhole(md);
    },
    codeTransformers: [wholeWords],
  },
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  themeConfig: {
    nav: [
      { text: 'Guide', link: '/start' },
      { text: '25 questions', link: '/questions' },
      { text: 'Recipes', link: '/recipes/' },
      { text: 'Coming from', items: others.items },
      { text: 'Reference', link: '/reference/' },
    ],
    sidebar: { '/reference/': [{ text: 'Reference', items: reference }], '/': guide },
    socialLinks: address === undefined ? [] : [{ icon: 'github', link: address, ariaLabel: 'The repository' }],
    outline: [2, 3],
    notFound: {
      quote: 'No page has this address. The search finds pages by words.',
      linkText: 'To the first page',
      linkLabel: 'To the first page',
    },
    // Searches in the browser, without a request to another server.
    search: { provider: 'local', options: { _render: searched, miniSearch: searching } },
  },
});
