// Makes the README's picture: runs `psutil-extra top` in a real terminal, tmux, beside some programs in a PID namespace of their
// own, and draws what the terminal shows. Needs Linux, root and tmux: node src/picture.mjs
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { screenAsSvg } from './ansi.mjs';
import { PAGES, ROOT } from './repository.mjs';

const SIZE = { columns: 104, rows: 13 };
const COMMAND = join(ROOT, 'packages/client/dist/cli/main.js');

/** The programs, each under the name by which it is shown. */
const PROGRAMS = {
  'server.js': "require('node:http').createServer((_, reply) => reply.end('hello')).listen(8080, '127.0.0.1');",
  'images.js': 'const kept = []; setInterval(() => { for (let i = 0; i < 4e6; i++) kept[i] = i; }, 40);',
  'mail.js': 'setInterval(() => JSON.stringify(Object.keys(process.env).map((name) => name.repeat(900))), 2);',
  'world.sh': `
setpriv --reuid=www-data --clear-groups node server.js --port=8080 &
setpriv --reuid=mail --clear-groups node mail.js --queue=outgoing &
node images.js --format=webp &
tail -F access.log 2>/dev/null &
nice gzip -9 </dev/urandom >/dev/null &
sleep 3
node psutil-extra top --full
`,
};

const folder = mkdtempSync(join(tmpdir(), 'psutil-extra-picture-'));
const tmux = (/** @type {string[]} */ ...args) =>
  execFileSync('tmux', ['-L', 'psutil-extra-picture', ...args]).toString();
try {
  chmodSync(folder, 0o755);
  symlinkSync(COMMAND, join(folder, 'psutil-extra'));
  for (const [file, text] of Object.entries(PROGRAMS)) writeFileSync(join(folder, file), text);
  const size = ['-x', String(SIZE.columns), '-y', String(SIZE.rows)];
  tmux('new-session', '-d', ...size, '-c', folder, 'unshare --pid --fork --kill-child --mount-proc sh world.sh');
  const screen = () => tmux('capture-pane', '-e', '-p').replace(/\n$/, '').split('\n');
  for (let wait = 0; !screen().some((line) => line.includes('server.js')); wait++) {
    if (wait > 60) throw new Error(`the screen has no server.js:\n${screen().join('\n')}`);
    await pause(1000);
  }
  await pause(3000); // a few samples
  const lines = screen();
  writeFileSync(join(PAGES, 'public/terminal.svg'), screenAsSvg('npx psutil-extra top --full', lines, SIZE.columns));
} finally {
  tmux('kill-server');
  rmSync(folder, { recursive: true });
}
