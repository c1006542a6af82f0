// How the search finds things. People ask in the words of the 25 questions, so each row of that table is a part of its own, and
// comes before what the reference and the pages about the inside say with the same words.
import { anchorOf } from './sections.mjs';

const QUESTIONS = 'questions.md';

/**
 * Gives each row of the questions an anchor.
 *
 * @param {import('vitepress').MarkdownRenderer} md
 */
export function markRows(md) {
  const usual = md.renderer.rules.tr_open;
  md.renderer.rules.tr_open = (tokens, at, options, env, self) => {
    const first = tokens[at + 2];
    if (env.relativePath === QUESTIONS && tokens[at + 1]?.type === 'td_open') {
      tokens[at]?.attrSet('id', anchorOf(first?.content ?? ''));
    }
    return usual?.(tokens, at, options, env, self) ?? self.renderToken(tokens, at, options);
  };
}

/**
 * The page as the search reads it, where each heading begins a part.
 *
 * @param {string} text
 * @param {import('vitepress').MarkdownEnv} env
 * @param {import('vitepress').MarkdownRenderer} md
 */
export function searched(text, env, md) {
  const html = md.render(text, env);
  if (env.frontmatter?.['search'] === false || AGAIN.test(env.relativePath)) return '';
  // What stands below the table would be a part of its last row.
  return env.relativePath === QUESTIONS ? html.replace(ROW, asPart).replace(/<\/table>.*/s, '') : html;
}

/** What the reference of Client and Process has in the same words. The browser loads the index before it can answer. */
const AGAIN = /^reference\/interfaces\/(Columns|FieldValues|Oneshot|Client[A-Z]\w*)\.md$/;
const ROW = /<tr id="([^"]*)"[^>]*>\s*<td[^>]*>(.*?)<\/td>\s*<td[^>]*>(.*?)<\/td>\s*<\/tr>/gs;

/** @type {(row: string, anchor: string, want: string, write: string) => string} */
const asPart = (_, anchor, want, write) =>
  `<h2 id="${anchor}">${want} <a class="header-anchor" href="#${anchor}"></a></h2><p>${write}</p>`;

/** The settings of MiniSearch. VitePress sends the functions to the browser as text: they use nothing from outside. */
export const searching = {
  options: {
    /** @param {string} term */
    processTerm: (term) => {
      const word = term.toLowerCase();
      const says =
        /^(a|an|and|are|as|at|by|do|does|for|has|have|how|i|if|in|is|it|its|of|on|or|that|the|to|was|what|whether|when|which|who|with)$/;
      if (says.test(word)) return null;
      // A name such as killTree is found by its words too.
      const words = term.match(/[A-Z]?[a-z]+/g) ?? [];
      return words.length > 1 ? [word, ...words.map((each) => each.toLowerCase())] : word;
    },
  },
  searchOptions: {
    /**
     * Every page is about processes.
     *
     * @param {string} term
     */
    boostTerm: (term) => (/^process(es)?$/.test(term) ? 0.2 : 1),
    /** @param {string} id such as `/reference/classes/Process.html#name` */
    boostDocument: (id) => {
      if (/\/questions(\.html)?#/.test(id)) return 4;
      if (/\/(faq|recipes\/|start)/.test(id)) return 2;
      if (/\/inside\//.test(id)) return 0.3;
      if (/\/reference\/(interfaces|type-aliases|variables)\//.test(id)) return /\/Client(\.html)?#/.test(id) ? 1 : 0.5;
      return 1;
    },
  },
};
