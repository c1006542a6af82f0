// The README's table of fields.

export function readmeTable(fields) {
  return `\
| field | value | on Linux from |
| --- | --- | --- |
${fields.map(({ name, readme, linux }) => `| \`${name}\` | ${readme.replaceAll('|', '\\|')} | ${linux} |`).join('\n')}
`;
}

/** Puts a text between the comments that name a section. */
export function replaceSection(document, section, text) {
  const begin = `<!-- ${section}: generated from packages/native/schema -->\n`;
  const end = `<!-- end of ${section} -->\n`;
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`there is no section ${section} in this document`);
  return `${document.slice(0, from + begin.length)}\n${text}\n${document.slice(to)}`;
}
