// VitePress fails on links to pages that are not there. This looks at the rest of the built site: anchors, pictures, and
// that it requests nothing from other hosts.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { DIST } from './repository.mjs';

const files = readdirSync(DIST, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.html'));
const pages = new Map(files.map((file) => [`/${file}`, readFileSync(join(DIST, file), 'utf8')]));
const ids = new Map([...pages].map(([path, html]) => [path, idsOf(html)]));
const base = process.env['SITE_BASE'] ?? '/';
const broken = [];
let links = 0;

for (const [path, html] of pages) {
  for (const [, attribute, value = ''] of html.matchAll(/<(?:a|img|link|script)\b[^>]*?\s(href|src)="([^"]*)"/g)) {
    links++;
    const complaint = complaintOf(path, attribute ?? '', value.replaceAll('&amp;', '&'));
    if (complaint !== undefined) broken.push(`${path}: ${value}: ${complaint}`);
  }
}
if (files.length < 10) broken.push(`only ${files.length} pages were built`);
for (const each of new Set(broken)) console.error(each);
console.log(`${files.length} pages, ${links} links and anchors, ${new Set(broken).size} broken`);
process.exitCode = broken.length === 0 ? 0 : 1;

/**
 * @param {string} from
 * @param {string} attribute
 * @param {string} value
 */
function complaintOf(from, attribute, value) {
  if (/^(https?:)?\/\//.test(value)) return attribute === 'src' ? 'is loaded from elsewhere' : undefined;
  if (/^(data|mailto):/.test(value)) return undefined;
  const [whole = '', anchor = ''] = value.split('#');
  const path = whole.startsWith(base) ? `/${whole.slice(base.length)}` : whole;
  const to = path === '' ? from : fileOf(path.startsWith('/') ? path : posix.join(posix.dirname(from), path));
  if (!existsSync(DIST + to)) return 'there is no such file';
  if (anchor !== '' && ids.has(to) && !ids.get(to)?.has(decodeURIComponent(anchor))) return 'there is no such anchor';
  return undefined;
}

/** @param {string} path */
function fileOf(path) {
  if (path.endsWith('/')) return `${path}index.html`;
  return posix.extname(path) === '' ? `${path}.html` : path;
}

/** @param {string} html */
function idsOf(html) {
  return new Set(Array.from(html.matchAll(/\sid="([^"]+)"/g), ([, id]) => id));
}
