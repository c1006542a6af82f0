import { posix } from 'node:path';

/**
 * Rewrites the links of a text that comes from the repository to what they are on the site. What has no page
 * there, such as a folder of the sources, stays as its words.
 *
 * @param {string} text
 * @param {string} file where in the repository the text stands
 * @param {ReadonlyMap<string, string>} pages the page of a file, or of a section of it: `README.md#platforms`
 */
export function onSite(text, file, pages) {
  return text.replaceAll(/(!?)\[([^\]]*)\]\((?!https?:|mailto:)([^)\s]*)\)/g, (whole, image, words, target) => {
    const [path = '', anchor = ''] = target.split('#');
    const to = path === '' ? file : posix.normalize(posix.join(posix.dirname(file), path));
    if (image !== '')
      return `![${words}](${to.replace(/^bench\/results\//, '/bench/').replace(/^site\/pages\/public\//, '/')})`;
    // A section of the same document may be on another page than the rest of it; if not, the link may stay.
    const section = anchor === '' ? undefined : pages.get(`${to}#${anchor}`);
    if (section !== undefined) return `[${words}](/${section})`;
    const page = pages.get(to);
    if (page === undefined) return words;
    return path === '' ? whole : `[${words}](/${page}${anchor === '' ? '' : `#${anchor}`})`;
  });
}
