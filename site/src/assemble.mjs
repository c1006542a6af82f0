// Puts together in build/source what VitePress makes the site of.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onSite } from './links.mjs';
import { documents, PAGES, ROOT, read, SOURCE } from './repository.mjs';
import { anchorOf, includes, section } from './sections.mjs';

rmSync(SOURCE, { recursive: true, force: true });
cpSync(join(PAGES, 'public'), join(SOURCE, 'public'), { recursive: true });

const own = readdirSync(PAGES, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.md'));
const texts = new Map(own.map((page) => [page, readFileSync(join(PAGES, page), 'utf8')]));

/** Where on the site each file of the repository is, and each section of one that a page takes in. */
const pages = new Map([
  ['README.md', ''],
  ...documents().map(({ file, page }) => [file, page.replace(/\.md$/, '')]),
  ...own.map((page) => [`site/pages/${page}`, page.replace(/\.md$/, '')]),
]);
for (const [page, text] of texts) {
  for (const { file, heading } of includes(text)) {
    pages.set(`${file}#${anchorOf(heading)}`, page.replace(/\.md$/, ''));
  }
}

for (const [page, text] of texts) {
  let whole = text;
  for (const { file, heading } of includes(text)) {
    const taken = onSite(section(read(file), heading), file, pages);
    whole = whole.replace(`<!-- ${file}: ${heading} -->`, () => taken);
  }
  write(page, whole);
}
for (const { file, page } of documents()) write(page, onSite(read(file), file, pages));
// The pictures of the measurements, for their page and for others.
cpSync(`${ROOT}bench/results`, join(SOURCE, 'public/bench'), { recursive: true });

/**
 * @param {string} page
 * @param {string} text
 */
function write(page, text) {
  const path = join(SOURCE, page);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
