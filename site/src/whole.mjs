// A word of code is not broken at its hyphens: `--ndjson`, `'psutil-extra'`. It may be broken after a slash, as long paths have to be.

/** A phone shows some 40 characters of code a line. */
const HYPHENATED = /((?=[^\s/]*-)(?<![^\s/])[^\s/]{2,38}(?![^\s/]))/g;

/**
 * Keeps the words of code in a sentence or a table whole.
 *
 * @param {import('vitepress').MarkdownRenderer} md
 */
export function keepWhole(md) {
  const usual = md.renderer.rules.code_inline;
  md.renderer.rules.code_inline = (tokens, at, options, env, self) =>
    (usual?.(tokens, at, options, env, self) ?? self.renderToken(tokens, at, options)).replace(
      />([^<]*)</,
      (_, code) =>
        `>${code.replace(HYPHENATED, (/** @type {string} */ word) => `<span class="whole">${word}</span>`)}<`,
    );
}

/**
 * The same in a block of code, where every token of the language is an element.
 *
 * @type {import('shiki').ShikiTransformer}
 */
export const wholeWords = {
  name: 'whole words',
  span(element) {
    const [text] = element.children;
    if (text?.type !== 'text') return;
    element.children = text.value
      .split(HYPHENATED)
      .map((value, at) =>
        at % 2 === 0
          ? { type: 'text', value }
          : { type: 'element', tagName: 'span', properties: { class: 'whole' }, children: [{ type: 'text', value }] },
      );
  },
};
