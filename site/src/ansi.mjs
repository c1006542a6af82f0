/**
 * A terminal's screen as a picture. Reads lines as `tmux capture-pane -e` prints them: text, and escape sequences that set
 * its looks (SGR).
 *
 * @param {string} title what stands above the screen
 * @param {readonly string[]} lines
 * @param {number} columns
 */
export function screenAsSvg(title, lines, columns) {
  const width = Math.ceil(columns * CELL.width) + 2 * MARGIN;
  const height = (lines.length + 1) * CELL.height + 2 * MARGIN;
  /** @type {Looks} */
  let looks = {};
  const drawn = lines.map((line, row) => {
    const { runs, last } = runsOf(line, looks);
    looks = last;
    return runs.map((run) => drawRun(run, MARGIN + (row + 2) * CELL.height)).join('');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escaped(title)}</title>
<rect width="100%" height="100%" rx="8" fill="${BACKGROUND}"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13" fill="${INK}">
${drawRun({ text: `$ ${title}`, column: 0, looks: { bold: true } }, MARGIN + CELL.height - 8)}
${drawn.filter((line) => line !== '').join('\n')}
</g>
</svg>
`;
}

/** @typedef {{ readonly bold?: boolean, readonly dim?: boolean, readonly reverse?: boolean, readonly color?: string | undefined }} Looks */
/** @typedef {{ readonly text: string, readonly column: number, readonly looks: Looks }} Run */

const CELL = { width: 7.8, height: 18 };
const MARGIN = 14;
const BACKGROUND = '#1b1f27';
const INK = '#d7dae0';
/** Black to white, as codes 30 to 37 and, brighter, 90 to 97. */
const COLORS = ['#5c6370', '#e06c75', '#98c379', '#e5c07b', '#61afef', '#c678dd', '#56b6c2', '#d7dae0'];
const SGR = new RegExp(`${String.fromCharCode(27)}\\[([\\d;]*)m`, 'g');

/**
 * @param {string} line
 * @param {Looks} first
 */
function runsOf(line, first) {
  const parts = line.split(SGR);
  let looks = first;
  let column = 0;
  /** @type {Run[]} */
  const runs = [];
  parts.forEach((part, i) => {
    if (i % 2 === 1) looks = part.split(';').reduce(applied, looks);
    else if (part !== '') {
      runs.push({ text: part, column, looks });
      column += part.length;
    }
  });
  return { runs, last: looks };
}

/**
 * @param {Looks} looks
 * @param {string} code
 * @returns {Looks}
 */
function applied(looks, code) {
  const number = Number(code);
  if (number === 0) return {};
  if (number === 1) return { ...looks, bold: true };
  if (number === 2) return { ...looks, dim: true };
  if (number === 7) return { ...looks, reverse: true };
  if (number === 39) return { ...looks, color: undefined };
  const color = COLORS[number >= 90 ? number - 90 : number - 30];
  return color === undefined ? looks : { ...looks, color };
}

/**
 * Each part between wide gaps has its place and its length, so that columns stand below each other in any font.
 *
 * @param {Run} run
 * @param {number} y
 */
function drawRun({ text, column, looks: { bold, dim, reverse, color } }, y) {
  const fill = reverse ? BACKGROUND : color;
  const looks = [
    ...(fill === undefined ? [] : [`fill="${fill}"`]),
    ...(bold ? ['font-weight="bold"'] : []),
    ...(dim ? ['opacity="0.6"'] : []),
  ].join(' ');
  const parts = Array.from(text.matchAll(/\S+(?: \S+)*/g), ({ 0: part, index }) => {
    const place = `x="${xOf(column + index)}" y="${y}" textLength="${lengthOf(part)}" lengthAdjust="spacingAndGlyphs"`;
    return `<text ${place}${looks === '' ? '' : ` ${looks}`}>${escaped(part)}</text>`;
  });
  if (!reverse) return parts.join('');
  const behind = `<rect x="${xOf(column)}" y="${y - 13}" width="${lengthOf(text)}" height="${CELL.height}" fill="${color ?? INK}"/>`;
  return behind + parts.join('');
}

/** @param {number} column */
function xOf(column) {
  return (MARGIN + column * CELL.width).toFixed(1);
}

/** @param {string} text */
function lengthOf(text) {
  return (text.length * CELL.width).toFixed(1);
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
