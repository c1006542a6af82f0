// A word of code is not broken in the middle, nor at its hyphens: `--ndjson`, `'psutil-extra'`. A path is broken after a slash.

/** What a phone shows of code in a line. */
const LINE = 38;
/** What a column of a table can be as wide as. */
const COLUMN = 22;
/** What is whole on a phone, too. */
const SHORT = 12;
const WORD = /(?<![^\s/])[^\s/]{2,}(?![^\s/])/g;
/** Between the words of a name. */
const PARTS = /(?<=_)(?=\w)|(?<=[a-z])(?=[A-Z])/g;
/** In a path, but not in a tag. */
const SLASH = /(?<=[\w.])\/(?=[\w.])/g;

/**
 * Keeps the words of code in a sentence or a table whole.
 *
 * @param {import('vitepress').MarkdownRenderer} md
 */
export function keepWhole(md) {
  const usual = md.renderer.rules.code_inline;
  md.renderer.rules.code_inline = (tokens, at, options, env, self) => {
    const token = tokens[at];
    const isWord = token !== undefined && token.content.length <= COLUMN && !/[\s/]/.test(token.content);
    if (isWord) token.attrJoin('class', token.content.length <= SHORT ? 'whole' : 'whole long');
    const html = usual?.(tokens, at, options, env, self) ?? self.renderToken(tokens, at, options);
    return html.replace(/>([^<]*)</, (_, code) => `>${isWord ? code.replace(PARTS, '<wbr>') : pieces(code)}<`);
  };
}

/** @param {string} code */
function pieces(code) {
  const isPath = code.includes('/');
  return code
    .replace(WORD, (word) =>
      isShort(word) || (isPath && word.length <= COLUMN) ? `<span class="whole">${word}</span>` : word,
    )
    .replace(SLASH, '/<wbr>');
}

/** @param {string} word */
function isShort(word) {
  return word.includes('-') && word.length <= LINE;
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
    if (text?.type !== 'text' || !text.value.includes('-')) return;
    element.children = text.value
      .split(/([\s/]+)/)
      .map((value) =>
        isShort(value)
          ? { type: 'element', tagName: 'span', properties: { class: 'whole' }, children: [{ type: 'text', value }] }
          : { type: 'text', value },
      );
  },
};
