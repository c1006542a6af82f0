import { posix } from 'node:path';

/**
 * A README of the repository as that of a package: what it points to is in the repository and not in the package. Where
 * the repository is not known, as in a package that was packed by hand, the words stay without their links. What only leads to
 * other pages is left out there: parts between `<!-- pages -->` and `<!-- /pages -->`, and sentences that are a link alone.
 *
 * @param address of the repository, such as `https://github.com/owner/name`.
 * @param folder where in the repository the README stands.
 */
export function readmeOfPackage(text: string, address: string | undefined, folder = ''): string {
  return withoutMarks(address === undefined ? text.replaceAll(ONLY_PAGES, '').replaceAll(ONLY_LINK, '') : text)
    .replaceAll(/^!\[([^\]]*)\]\(([^)]*)\)\n\n/gm, (whole, words: string, target: string) => {
      if (isAbsolute(target)) return whole;
      return address === undefined ? '' : `![${words}](${address}/raw/HEAD/${posix.join(folder, target)})\n\n`;
    })
    .replaceAll(/(?<!!)\[([^\]]*)\]\(([^)]*)\)/g, (whole, words: string, target: string) => {
      if (isAbsolute(target)) return whole;
      return address === undefined ? words : `[${words}](${address}/blob/HEAD/${posix.join(folder, target)})`;
    });
}

/** Until the next line that is not blank. */
const ONLY_PAGES = /^<!-- pages -->\n[\s\S]*?^<!-- \/pages -->\n\n*/gm;
const ONLY_LINK = /(?<=\.)\s+\[[^\]]*\]\((?!https?:)[^)]*\)\.(?=\s)/g;

function withoutMarks(text: string): string {
  return text.replaceAll(/^<!-- \/?pages -->\n/gm, '');
}

function isAbsolute(target: string): boolean {
  return /^(https?:|#)/.test(target);
}
