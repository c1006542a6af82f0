/**
 * The part of a document under a heading of the second level, without the heading.
 *
 * @param {string} text
 * @param {string} heading
 */
export function section(text, heading) {
  const parts = text.split(/^## /m);
  const found = parts.find((part) => part.startsWith(`${heading}\n`));
  if (found === undefined) throw new Error(`there is no section "${heading}"`);
  return found.slice(heading.length).trim();
}

/** `<!-- README.md: Errors -->`: here stands that section of that document, so that it is written once. */
const INCLUDE = /^<!-- ([\w./-]+\.md): (.+) -->$/gm;

/**
 * What a page takes in.
 *
 * @param {string} page
 */
export function includes(page) {
  return Array.from(page.matchAll(INCLUDE), ([, file, heading]) => ({ file, heading }));
}

/**
 * A heading's anchor, as GitHub and VitePress make it.
 *
 * @param {string} heading
 */
export function anchorOf(heading) {
  return heading
    .toLowerCase()
    .replaceAll(/[`(),.'’]/g, '')
    .replaceAll(/\s+/g, '-');
}
