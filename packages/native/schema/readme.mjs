// The README's table of fields.

export function readmeTable(fields) {
  return `\
| field | value | cost | on Linux from |
| --- | --- | --- | --- |
${fields.map(({ name, readme, cost, linux }) => `| \`${name}\` | ${cell(readme)} | ${cost} | ${cell(linux.doc)} |`).join('\n')}
`;
}

const cell = (text) => text.replaceAll('|', '\\|');

/** Puts a text between the comments that name a section. */
export function replaceSection(document, section, text) {
  const begin = `<!-- ${section}: generated from packages/native/schema -->\n`;
  const end = `<!-- end of ${section} -->\n`;
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`there is no section ${section} in this document`);
  return `${document.slice(0, from + begin.length)}\n${text}\n${document.slice(to)}`;
}
