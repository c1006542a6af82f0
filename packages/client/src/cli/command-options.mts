import { type Command, Option } from 'commander';
import {
  age,
  folder,
  interval,
  listOf,
  names,
  pattern,
  patterns,
  pidList,
  positive,
  size,
  states,
} from './option-values.mjs';

/*
 * Options that several commands have. A letter is the one that ps(1), pgrep(1), top(1) or htop(1) has for the same.
 */

/** Which processes, and in what order. */
export function choosing(command: Command, full: string): Command {
  return command
    .option('-s, --sort <list>', 'columns to sort by; prefix - for descending order', listOf)
    .option('-u, --user <list>', 'only of these users, by name or id', listOf)
    .option('-p, --pid <list>', 'only these PIDs; self is this command', pidList)
    .option('-r, --state <list>', 'only in these states: running, zombie, R, Z ...', states)
    .option('--name <pattern>', 'only whose name matches a regular expression', pattern)
    .option('-i, --ignore-case', 'ignore the case of letters')
    .option('-f, --full', full);
}

export function fieldsOption(): Option {
  return new Option('-o, --fields <list>', 'fields to print, separated by commas').argParser(names);
}

export function formatOption(flags: string, description: string): Option {
  const others = ['json', 'ndjson', 'csv', 'arrow', 'parquet'].filter((name) => `--${name}` !== flags.split(' ')[0]);
  return new Option(flags, description).conflicts(others);
}

export function limitOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser(positive);
}

/** How a table is printed. */
export function coloured(command: Command): Command {
  return command.addOption(new Option('--color <when>', 'when to use colours').choices(['auto', 'always', 'never']));
}

/** As {@link coloured}, where the table has a line of heads. */
export function tabled(command: Command): Command {
  return coloured(
    command.addOption(
      new Option('--no-headers', 'print no header line').conflicts(['json', 'ndjson', 'arrow', 'parquet']),
    ),
  );
}

/** What is recorded, and when a file ends. */
export function recording(command: Command): Command {
  return command
    .addOption(new Option('-d, --interval <time>', 'from one reading to the next').argParser(interval).default(60))
    .addOption(new Option('-o, --fields <list>', 'fields to record, separated by commas').argParser(names))
    .option('--host <name>', 'the name of this machine in the files')
    .addOption(
      new Option('--max-size <size>', 'end a file before it is larger').argParser(size).default(64 * 2 ** 20, '64MiB'),
    )
    .addOption(new Option('--max-age <time>', 'end a file after so long').argParser(age).default(3600, '1h'))
    .option('--keep <number>', 'keep only this many of the newest files of this host', positive)
    .addOption(redactOption())
    .addOption(procRoot());
}

/** Given again, for another pattern. */
export function redactOption(): Option {
  return new Option('--redact <pattern>', 'replace matches in text values; may be repeated').argParser(patterns);
}

export function procRoot(): Option {
  return new Option('--proc-root <dir>', 'where the proc filesystem is').argParser(folder).default('/proc');
}
