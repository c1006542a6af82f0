import { FIELDS } from 'psutil-extra';
import { EXAMPLES } from './examples.mjs';
import { EXIT_CODES } from './exit.mjs';
import { wrapped } from './table.mjs';

/** What stands below the options of a command in its help, in lines of at most `width`. */
export function helpBelow(command: string, width: number): string {
  const more = MORE[command];
  const fields = command === 'scan' ? [filled('Fields:', [...FIELDS], width)] : [];
  const parts = [...(more === undefined ? [] : [narrowed(more, width)]), ...fields, ...examples(command, width)];
  return parts.map((part) => `\n${part}`).join('\n');
}

/** What stands below the commands in the help of the program. */
export function programHelp(program: string, width: number): string {
  const codes = EXIT_CODES.map(([code, meaning]) => `${code} ${meaning}`);
  return [...examples(program, width), filled('Exit code:', codes, width)].map((part) => `\n${part}`).join('\n');
}

/** The text of the help below the options, by command; it is in the manual too. */
export const MORE: Readonly<Record<string, string>> = Object.freeze({
  top: `Without a terminal it prints one table below the other. Fields are those of
scan, cpuPercent and ioRates; columns are also cpu, rss, time, user, read, write
and command.`,
  rlimit: `A resource is such as nofile, core or as; without one all are printed. SOFT:HARD
sets both, SOFT: and :HARD one of them, a single number both alike; "unlimited"
is no limit, and bytes may be 512K or 1.5G. What is only set is not printed.`,
  show: `Fields that take long to read, or whose reader another process may hold, are
read only with --all or --fields. Each subject names those that it leaves out.`,
  wait: `The exit code is that of the last process named, 128 and the signal's number if
a signal ended it, and 0 if the system does not report it. See waitForExit().`,
  serve: `It needs the package @psutil-extra/metrics. /metrics is for Prometheus, /healthz
says whether processes are being read. Of other users it reads executables with
CAP_SYS_PTRACE, and disk I/O with CAP_DAC_READ_SEARCH too.`,
  completion: `bash: eval "$(psutil-extra completion bash)"    in ~/.bashrc
zsh:  eval "$(psutil-extra completion zsh)"     in ~/.zshrc
fish: psutil-extra completion fish | source     in ~/.config/fish/config.fish`,
});

/** Lines for a screen: what to type, and what that prints: beside it, or below it on a narrow one. */
function examples(command: string, width: number): string[] {
  const lines = EXAMPLES[command] ?? [];
  if (lines.length === 0) return [];
  const widest = Math.max(...lines.map(([line]) => line.length));
  const beside = lines.map(([line, meaning]) => `  psutil-extra ${line.padEnd(widest)}  ${meaning}`);
  const below = lines.map(([line, meaning]) => `  psutil-extra ${line}\n      ${meaning}`);
  return [['Examples:', ...(beside.every(({ length }) => length <= width) ? beside : below)].join('\n')];
}

/** A text that is written in lines of a screen, for one that may have shorter lines. */
function narrowed(text: string, width: number): string {
  const lines = text.split('\n');
  if (lines.every(({ length }) => length <= width)) return text;
  // What stands in columns is not running text: the last column is put below.
  if (text.includes('    ')) return lines.map((line) => line.replace(/ {4,}/, '\n      ')).join('\n');
  return [...wrapped(text.split(/\s/), width, '')].join('\n');
}

/** Items after a heading, separated by commas, in lines of a screen's width. */
function filled(head: string, items: readonly string[], width: number): string {
  let text = head;
  let length = head.length;
  items.forEach((item, index) => {
    const word = index < items.length - 1 ? `${item},` : item;
    const breaks = length + 1 + word.length > width;
    text += breaks ? `\n${word}` : ` ${word}`;
    length = breaks ? word.length : length + 1 + word.length;
  });
  return text;
}
