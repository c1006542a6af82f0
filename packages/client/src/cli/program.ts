import { readFileSync } from 'node:fs';
import { Argument, Command, CommanderError, Option } from 'commander';
import { FIELDS } from '../index.js';
import { SHELLS, type Shell } from './completion.js';
import type { EventsCommand } from './events.js';
import { complain, EXIT_CODES, Exit, exitCodeOf, messageLines } from './exit.js';
import type { KillCommand } from './kill.js';
import type { ScanCommand } from './listing.js';
import {
  folder,
  graceOf,
  listOf,
  names,
  pattern,
  pid,
  pidsOf,
  port,
  positive,
  seconds,
  signalledPids,
  signalOf,
} from './option-values.js';
import type { PidsCommand } from './processes.js';
import type { RecordsCommand } from './records.js';
import type { TopCommand } from './top/top.js';
import type { WaitCommand } from './wait.js';
import { leaveIfRemoved } from './working-directory.js';

/** Runs a command line (without `node` and the script) and returns the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  let code: number = Exit.ok;
  try {
    leaveIfRemoved();
    await program((ended) => {
      code = ended;
    }).parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    // Commander has already printed the error, or the help.
    if (!(error instanceof CommanderError)) complain(error);
    return exitCodeOf(error);
  }
}

/**
 * The whole command line: for the parser, `--help`, the completion of shells and the manual. `end` is called with the exit code
 * of commands that have done only a part of their work.
 */
export function program(end: (code: number) => void = () => {}): Command {
  const command = new Command('psutil-extra')
    .description('Looks into processes: what they run, for whom, what they use and may do.')
    .usage('[--help] [--version] <command> ...')
    .version(version(), '-V, --version')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(messageLines(text)) })
    .showHelpAfterError('see psutil-extra --help')
    .addHelpText('after', `\n${filled('Exit code:', exitCodes())}`);
  choosing(
    command
      .command('scan')
      .summary('print processes, one a line')
      .description('Prints every process, or those chosen, one a line.')
      .addOption(fieldsOption().conflicts('audit'))
      .option('--audit', 'print name, groups, umask, signals and limits'),
    'search the command line for it, as pgrep -f',
  )
    .addOption(formatOption('--json', 'print a JSON array instead of a table'))
    .addOption(formatOption('--ndjson', 'print JSON, an object a line'))
    .addOption(formatOption('--csv', 'print CSV, lists and the like as JSON'))
    .addOption(formatOption('--arrow', 'print an Arrow file (needs apache-arrow)'))
    .addOption(
      new Option('--watch [seconds]', 'print again and again, what changed marked')
        .argParser(seconds)
        .conflicts(['json', 'ndjson', 'csv', 'arrow']),
    )
    .addOption(procRoot())
    .addHelpText('after', scanHelp())
    // All options and fields fit on a screen; the manual has the description too.
    .configureHelp({ commandDescription: () => '' })
    .action(async (options: ScanCommand) => (await import('./scan.js')).scan(options));
  choosing(
    command
      .command('top')
      .summary('show which processes are busy, as top(1) does')
      .description('Shows which processes are busy, with keys on a terminal: press h for help.')
      .addOption(new Option('--interval <seconds>', 'from one sample to the next').argParser(seconds).default(1))
      .option('--samples <number>', 'end after so many', positive)
      .option('--count <number>', 'only the first so many processes of each', positive)
      .addOption(fieldsOption()),
    'show command lines; --name searches them',
  )
    .addOption(new Option('--tree', 'show each process below its parent').conflicts('ndjson'))
    .option('--ndjson', 'print JSON, an object a line for each process of a sample')
    .addOption(procRoot())
    .addHelpText('after', `\n${MORE.top}`)
    .action(async (options: TopCommand) => (await import('./top/top.js')).top(options));
  ofPids(command, 'show', 'print the fields of processes by subject', end, async () => (await import('./show.js')).show)
    .addOption(fieldsOption().conflicts('all'))
    .option('--all', 'also read fields that are expensive or may block')
    .addHelpText('after', `\n${MORE.show}`);
  command
    .command('rlimit')
    .summary('print or set limits of a process')
    .description('Prints or sets resource limits of a process, as prlimit(1) does.')
    .argument('<pid>', 'the process', pid)
    .argument('[resource...]', 'RESOURCE prints, RESOURCE=SOFT:HARD sets')
    .option('--json', 'print JSON instead of a table')
    .addOption(procRoot())
    .addHelpText('after', `\n${MORE.rlimit}`)
    .action(async (one: number, resources: string[], options: PidsCommand) =>
      (await import('./rlimit.js')).rlimit(one, resources, options),
    );
  ofPids(command, 'groups', 'print the groups of processes', end, async () => (await import('./groups.js')).groups);
  ofPids(
    command,
    'signals',
    'print what processes do with signals',
    end,
    async () => (await import('./signals.js')).signals,
  );
  ofRecords(command, 'fds <pid>', 'print what a process has open', async () => (await import('./fds.js')).fds);
  ofRecords(
    command,
    'maps <pid>',
    'print the memory mappings of a process',
    async () => (await import('./maps.js')).maps,
  );
  ofRecords(command, 'env <pid>', 'print the environment of a process', async () => (await import('./env.js')).env);
  ofRecords(
    command,
    'connections [pid]',
    'print the sockets of a process, or of all',
    async () => (await import('./connections.js')).connections,
  )
    .option('--port <number>', 'only of this port, on either side', port)
    .option('--listen', 'only those that wait for others');
  ofRecords(
    command,
    'tree [pid]',
    'print a process with its descendants, or all',
    async () => (await import('./tree.js')).tree,
  );
  command
    .command('kill')
    .summary('signal processes, or end their trees')
    .description(
      'Signals processes, each by a pidfd where the system has them; with --tree ends them with all descendants.',
    )
    .argument('<pid...>', 'the processes', signalledPids)
    .addOption(new Option('-s, --signal <signal>', 'its name, or its number').argParser(signalOf).default('SIGTERM'))
    .option('--tree', 'also all descendants; prints the status of each')
    .addOption(
      new Option('--grace <seconds>', 'with --tree, how long until what is left gets SIGKILL (default: 5)').argParser(
        graceOf,
      ),
    )
    .action(async (pids: number[], options: KillCommand) => end(await (await import('./kill.js')).kill(pids, options)));
  command
    .command('wait')
    .summary('wait until processes have ended')
    .description('Waits until processes have ended, whether or not they are children, and prints how.')
    .argument('<pid...>', 'the processes', pidsOf)
    .addOption(new Option('--timeout <seconds>', 'exit with 124 after so long').argParser(graceOf))
    .addHelpText('after', `\n${MORE.wait}`)
    .action(async (pids: number[], options: WaitCommand) => end(await (await import('./wait.js')).wait(pids, options)));
  command
    .command('events')
    .summary('print processes as they begin, execute programs and end')
    .description('Prints processes as they begin, execute programs and end, an event a line.')
    .option('--name <pattern>', 'only of processes whose name matches a regular expression', pattern)
    .option('--ndjson', 'print JSON, an object a line')
    .option('--poll <seconds>', 'where the kernel reports nothing: compare listings, so far apart', seconds)
    .action(async (options: EventsCommand) => (await import('./events.js')).events(options));
  command
    .command('completion')
    .summary('print what a shell completes this command by')
    .description('Prints what a shell completes this command by.')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText('after', `\n${MORE.completion}`)
    .action(async (shell: Shell) => {
      const { completion } = await import('./completion.js');
      process.stdout.write(completion(program(), shell));
    });
  // After the commands, which would inherit it.
  return command.configureHelp({
    visibleOptions: () => [],
    visibleCommands: ({ commands }) => [...commands],
    subcommandTerm: (each) => `${each.name()} ${each.usage().replace('[options]', '').trim()}`,
  });
}

function ofPids(
  command: Command,
  name: string,
  summary: string,
  end: (code: number) => void,
  load: () => Promise<(pids: readonly number[], options: PidsCommand) => Promise<number>>,
): Command {
  return command
    .command(name)
    .summary(summary)
    .description(`${summary.replace('print', 'Prints')}.`)
    .argument('<pid...>', 'the processes', pidsOf)
    .option('--json', 'print a JSON array')
    .addOption(procRoot())
    .action(async (pids: number[], options: PidsCommand) => end(await (await load())(pids, options)));
}

/** A command that prints a list; `usage` is its name, and its argument as in help. */
function ofRecords(
  command: Command,
  usage: string,
  summary: string,
  load: () => Promise<(one: number, options: RecordsCommand) => Promise<void>>,
): Command {
  const [name = '', argument = ''] = usage.split(' ');
  return command
    .command(name)
    .summary(summary)
    .description(`${summary.replace('print', 'Prints')}.`)
    .argument(argument, 'the process', pid)
    .addOption(new Option('--json', 'print a JSON array instead of a table').conflicts('ndjson'))
    .addOption(new Option('--ndjson', 'print JSON, an object a line'))
    .addOption(procRoot())
    .action(async (one: number, options: RecordsCommand) => (await load())(one, options));
}

/** Which processes, and in what order. */
function choosing(command: Command, full: string): Command {
  return command
    .option('--sort <list>', 'columns to sort by; -column is the largest first', listOf)
    .option('--user <list>', 'only of these users, by name or id', listOf)
    .option('--name <pattern>', 'only whose name matches a regular expression', pattern)
    .option('-f, --full', full);
}

function fieldsOption(): Option {
  return new Option('--fields <list>', 'fields to print, separated by commas').argParser(names);
}

function formatOption(flags: string, description: string): Option {
  const others = ['json', 'ndjson', 'csv', 'arrow'].filter((name) => `--${name}` !== flags);
  return new Option(flags, description).conflicts(others);
}

function procRoot(): Option {
  return new Option('--proc-root <dir>', 'where the proc filesystem is').argParser(folder).default('/proc');
}

function scanHelp(): string {
  return `\n${filled('Fields:', [...FIELDS])}`;
}

/** The text of the help below the options, by command; it is in the manual too. */
export const MORE = Object.freeze({
  top: `Without a terminal it prints one table below the other. Fields are those of
scan, cpuPercent and ioRates; columns also cpu, rss, time, user, read, write.`,
  rlimit: `A resource is such as nofile, core or as; without one all are printed. SOFT:HARD
sets both, SOFT: and :HARD one of them, a single number both alike; "unlimited"
is no limit. What is only set is not printed.`,
  show: `Fields that take long to read, or whose reader another process may hold, are
read only with --all or --fields. Each subject names those that it leaves out.`,
  wait: `The exit code is that of the last process named, 128 and the signal's number if
a signal ended it, and 0 if the system does not report it. See waitForExit().`,
  completion: `bash: eval "$(psutil-extra completion bash)"    in ~/.bashrc
zsh:  eval "$(psutil-extra completion zsh)"     in ~/.zshrc
fish: psutil-extra completion fish | source     in ~/.config/fish/config.fish`,
});

function exitCodes(): string[] {
  return EXIT_CODES.map(([code, meaning]) => `${code} ${meaning}`);
}

/** Items after a heading, separated by commas, in lines of a screen's width. */
function filled(head: string, items: readonly string[]): string {
  let text = head;
  let length = head.length;
  items.forEach((item, index) => {
    const word = index < items.length - 1 ? `${item},` : item;
    const breaks = length + 1 + word.length > SCREEN;
    text += breaks ? `\n${word}` : ` ${word}`;
    length = breaks ? word.length : length + 1 + word.length;
  });
  return text;
}

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

const SCREEN = 80;
