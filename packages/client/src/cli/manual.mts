import type { Command, Option } from 'commander';
import { EXAMPLES } from './examples.mjs';
import { EXIT_CODES } from './exit.mjs';
import { MORE } from './help.mjs';
import { RESOURCE_WORDS, shortName } from './resource-names.mjs';
import { STATE_LETTERS, STATES } from './states.mjs';
import { TOP_KEYS } from './top/key-list.mjs';

/**
 * The manual page, in the language of man(7), generated from the command line itself: `packages/client/man/write.mjs` writes
 * the file. It is the same on every platform, so it names the resources of all.
 */
export function manual(program: Command, fields: readonly string[]): string {
  const name = program.name();
  return [
    `.TH ${name.toUpperCase()} 1 "" "${name}" "User Commands"`,
    '.SH NAME',
    `${text(name)} \\- look into processes`,
    '.SH SYNOPSIS',
    ...program.commands.flatMap((command, index) => [
      ...(index === 0 ? [] : ['.br']),
      `.B ${text(`${name} ${command.name()}`)}`,
      text(command.usage()).replace('[options]', '[\\fIoptions\\fR]'),
    ]),
    '.SH DESCRIPTION',
    text(program.description()),
    'Nothing is printed on standard output but what was asked for; counts, progress and errors go to standard error.',
    '.SH COMMANDS',
    ...program.commands.flatMap((command) => [
      `.SS ${text([command.name(), ...command.aliases()].join(', '))}`,
      text(command.description()),
      ...command.options.flatMap(optionLines),
      ...(DETAILS[command.name()] ?? []),
    ]),
    '.SH FIELDS',
    text(`${fields.join(', ')}.`),
    'In the table sigmasks is the columns BLOCKED, IGNORED and CAUGHT, and rlimits is NOFILE.',
    'In the table \\(dq?\\(dq could not be read, \\(dq\\-\\(dq is none, and \\(dq+3\\(dq stands for three more;',
    'in JSON a value that could not be read is null, and no limit is \\(dqunlimited\\(dq.',
    '.SH RESOURCES',
    ...Object.entries(RESOURCE_WORDS).flatMap(([resource, { description, unit }]) => [
      '.TP',
      `.B ${shortName(resource as keyof typeof RESOURCE_WORDS)}`,
      text(unit === '' ? description : `${description}, in ${unit}`),
    ]),
    '.PP',
    'Not every system has all of them.',
    '.SH EXIT STATUS',
    ...EXIT_CODES.flatMap(([code, meaning]) => ['.TP', `.B ${code}`, text(meaning)]),
    '.SH ENVIRONMENT',
    ...ENVIRONMENT.flatMap(([variable, meaning]) => ['.TP', `.B ${variable}`, text(meaning)]),
    '.SH EXAMPLES',
    ...program.commands
      .flatMap((command) => EXAMPLES[command.name()] ?? [])
      .flatMap(([line, meaning]) => ['.TP', `.B ${text(`${name} ${line}`)}`, text(meaning)]),
    '.SH SEE ALSO',
    '.BR ps (1),\n.BR prlimit (1),\n.BR top (1),\n.BR htop (1),\n.BR getrlimit (2),\n.BR proc (5),\n.BR signal (7)',
    '',
  ].join('\n');
}

function optionLines(option: Option): string[] {
  const { flags, description, defaultValue, defaultValueDescription, negate, argChoices } = option;
  const choices = argChoices === undefined ? '' : `: ${argChoices.join(', ')}`;
  const standard = defaultValueDescription ?? String(defaultValue);
  const behind = defaultValue === undefined || negate ? choices : ` (default ${standard})`;
  return ['.TP', `.B ${text(flags)}`, `${text(description)}${behind}.`];
}

/** A backslash begins a request within a line, a dot or a quote at its start a line of requests, and `-` is a hyphen. */
function text(plain: string): string {
  return plain.replaceAll('\\', '\\e').replaceAll('-', '\\-').replace(/^[.']/, '\\&$&');
}

const PTRACE = "Reading another user's process requires CAP_SYS_PTRACE";
/** Of files that only their owner may open. */
const OWNED = `${PTRACE} and CAP_DAC_READ_SEARCH.`;

/** What the manual says of a command besides its options. */
const DETAILS: Readonly<Record<string, readonly string[]>> = {
  record: [
    '.PP',
    text(
      'It needs @psutil-extra/parquet. A file has the host, the time and the fields of each process. While it is being written',
    ),
    text(
      'its name begins with a point. SIGTERM and ^C finish it; what a killed recording has left is finished by the next one.',
    ),
  ],
  scan: [
    '.PP',
    text(
      'Without --fields and --audit the table has user, CPU time, resident memory, state, age and command line, similar to ps aux.',
    ),
    'AGE is the time since the process began.',
    text(
      'Use --fields startTime for the exact start: milliseconds since the epoch in JSON and CSV, a UTC timestamp in Arrow.',
    ),
    text('In brackets stands the name of a process without a command line, as ps(1) writes it. A ? behind it'),
    'says that the command line could not be read.',
    text('JSON, CSV and Arrow have the fields of --audit.'),
    '.PP',
    text(
      '--name matches a part of the name. Since Node.js 24 each of its programs is called MainThread: such a process',
    ),
    text('also matches by the file names of its program and its script.'),
    text('A pattern given as an argument is the same as --name.'),
    '.PP',
    text(`States are ${STATES.map((state) => `${state} (${STATE_LETTERS[state]})`).join(', ')}.`),
    text('A PID that no process has is an error. Where no process matches, the exit code is 5.'),
    '.PP',
    text(
      'Columns to sort by are the fields and pid; blocked, ignored, caught and nofile of those that are several; and user, time, rss, age, start and command.',
    ),
    text('Lists are sorted by their length, ids by the effective one; what could not be read comes last.'),
    '.PP',
    text('With --watch on a terminal the arrows, the page keys, g and G scroll, and q ends it.'),
    text('A line begins with + where the process is new, ~ where a value has changed, - where it has ended.'),
    'Elsewhere one table is printed below the other.',
    text('With --ndjson an object has time, in milliseconds since the epoch, and change: new, changed, gone or same.'),
  ],
  top: [
    '.PP',
    text(MORE['top'] as string),
    'Only names of users in /etc/passwd are looked up. A command line is read once, and again when the name changes.',
    '.PP',
    'On a terminal it has these keys:',
    ...TOP_KEYS.flatMap(([keys, meaning]) => ['.TP', `.B ${text(keys)}`, text(meaning)]),
  ],
  show: ['.PP', text(MORE['show'] as string)],
  rlimit: ['.PP', text(MORE['rlimit'] as string)],
  fds: ['.PP', text(OWNED)],
  maps: ['.PP', text(`${PTRACE}.`)],
  env: ['.PP', text('It is that of the time when the program was executed.'), text(OWNED)],
  connections: ['.PP', text(OWNED)],
  wait: ['.PP', text(MORE['wait'] as string)],
  tree: [
    '.PP',
    'A process that began before its parent is no child: the PID of the parent has been reused.',
    text('JSON has children within their parents, NDJSON a depth.'),
  ],
  serve: [
    '.PP',
    text(MORE['serve'] as string),
    text('Names of processes and users say much about a machine: only an address that is named is served to others.'),
    text('A file of --config has the options of groupProcesses() as JSON, times in milliseconds.'),
  ],
  completion: ['.PP', '.nf', text(MORE['completion'] as string), '.fi'],
};

const ENVIRONMENT = [
  ['COLUMNS', 'how long a line of a table may be; else the width of the terminal, and any length in a pipe'],
  ['NO_COLOR', 'no colours, where it is set to anything and --color is not given'],
  ['FORCE_COLOR', 'colours in a pipe too, where it is set, and none where it is 0'],
  ['DEBUG', 'set to psutil-extra, standard error reports what is read and how long it takes'],
] as const;
