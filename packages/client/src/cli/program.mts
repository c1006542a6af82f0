import { readFileSync } from 'node:fs';
import { Argument, Command, CommanderError, Option } from 'commander';
import { chooseColours, type When } from './colour.mjs';
import {
  choosing,
  coloured,
  fieldsOption,
  formatOption,
  limitOption,
  procRoot,
  redactOption,
  tabled,
} from './command-options.mjs';
import { SHELLS, type Shell } from './completion.mjs';
import type { EventsCommand } from './events.mjs';
import { complain, Exit, exitCodeOf, usageLine } from './exit.mjs';
import { exporting } from './exporting.mjs';
import { helpBelow, programHelp } from './help.mjs';
import type { KillCommand } from './kill.mjs';
import type { ScanCommand } from './listing.mjs';
import {
  folder,
  interval,
  othersOf,
  patience,
  pattern,
  patternOrNothing,
  pid,
  pidsOf,
  port,
  positive,
  signalledPids,
  signalOf,
} from './option-values.mjs';
import type { PidsCommand } from './processes.mjs';
import type { RecordsCommand } from './records.mjs';
import { resolved } from './self.mjs';
import type { TableOptions } from './stdout-table.mjs';
import type { TopCommand } from './top/top.mjs';
import type { WaitCommand } from './wait.mjs';
import { leaveIfRemoved } from './working-directory.mjs';

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
    .configureOutput({ outputError: (text, write) => write(usageLine(text, 'psutil-extra')) })
    .hook('preAction', (_, action) => chooseColours(action.opts<{ color?: When }>().color ?? 'auto'))
    .addHelpText('after', () => programHelp('psutil-extra', helpWidth()));
  const scanning = choosing(
    command
      .command('scan')
      .aliases(['list', 'find'])
      .summary('print processes, one a line; also: list, find')
      .description('Prints every process, or those chosen, one a line.')
      .argument('[pattern]', 'a regular expression for the name, as --name', patternOrNothing)
      .addOption(fieldsOption().conflicts('audit'))
      .option('--audit', 'print name, pgid, sid, umask, groups, signals and limits'),
    'match the command line, as pgrep -f',
  )
    .addOption(limitOption('--limit <number>', 'print at most this many processes'))
    .addOption(formatOption('--json', 'print a JSON array instead of a table'))
    .addOption(formatOption('--ndjson', 'print JSON, an object a line'))
    .addOption(formatOption('--csv', 'print CSV, with lists as JSON'))
    .addOption(formatOption('--arrow', 'print an Arrow file (needs apache-arrow)'))
    .addOption(formatOption('--parquet <file>', 'write a Parquet file (needs @psutil-extra/parquet)').argParser(folder))
    .addOption(redactOption())
    .addOption(
      new Option('--watch [time]', 'print again and again, and mark changes')
        .argParser(interval)
        .conflicts(['json', 'csv', 'arrow', 'parquet']),
    )
    .addOption(procRoot());
  tabled(scanning)
    // All options and fields fit on a screen; the manual has the description too.
    .configureHelp({ commandDescription: () => '' })
    .action(async (named: RegExp | undefined, options: ScanCommand) =>
      end(await (await import('./scan.mjs')).scan(named, options)),
    );
  const sampling = choosing(
    command
      .command('top')
      .summary('show which processes are busy, as top(1) does')
      .description('Shows which processes are busy, with keys on a terminal: press h for help.')
      .addOption(new Option('-d, --interval <time>', 'from one sample to the next').argParser(interval).default(1))
      .option('-n, --samples <number>', 'exit after this many samples', positive)
      .addOption(limitOption('--count, --limit <number>', 'print at most this many processes of each sample'))
      .addOption(fieldsOption()),
    'show command lines; --name searches them',
  )
    .addOption(new Option('-t, --tree', 'show each process below its parent').conflicts('ndjson'))
    .option('--ndjson', 'print JSON, an object a line for each process')
    .addOption(procRoot());
  tabled(sampling).action(async (options: TopCommand) => end(await (await import('./top/top.mjs')).top(options)));
  coloured(
    ofPids(
      command,
      'show',
      'print the fields of processes by subject',
      end,
      async () => (await import('./show.mjs')).show,
    )
      .addOption(fieldsOption().conflicts('all'))
      .option('--all', 'also read fields that are expensive or may block'),
  );
  tabled(command.command('rlimit'))
    .summary('print or set limits of a process')
    .description('Prints or sets resource limits of a process, as prlimit(1) does.')
    .argument('<pid>', 'the process; self is this command', pid)
    .argument('[resource...]', 'RESOURCE prints, RESOURCE=SOFT:HARD sets')
    .option('--json', 'print JSON instead of a table')
    .addOption(procRoot())
    .action(async (one: number, resources: string[], options: PidsCommand & TableOptions) =>
      (await import('./rlimit.mjs')).rlimit(one, resources, options),
    );
  tabled(
    ofPids(command, 'groups', 'print the groups of processes', end, async () => (await import('./groups.mjs')).groups),
  );
  coloured(
    ofPids(
      command,
      'signals',
      'print what processes do with signals',
      end,
      async () => (await import('./signals.mjs')).signals,
    ),
  );
  ofRecords(command, 'fds <pid>', 'print what a process has open', end, async () => (await import('./fds.mjs')).fds);
  ofRecords(
    command,
    'maps <pid>',
    'print the memory mappings of a process',
    end,
    async () => (await import('./maps.mjs')).maps,
  );
  ofRecords(
    command,
    'env <pid>',
    'print the environment of a process',
    end,
    async () => (await import('./env.mjs')).env,
  );
  ofRecords(
    command,
    'connections [pid]',
    'print the sockets of a process, or of all',
    end,
    async () => (await import('./connections.mjs')).connections,
  )
    .option('--port <number>', 'only of this port, on either side', port)
    .option('--listen', 'only listening sockets and unconnected datagram sockets');
  ofRecords(
    command,
    'tree [pid]',
    'print a process with its descendants, or all',
    end,
    async () => (await import('./tree.mjs')).tree,
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
      new Option('--grace <time>', 'with --tree, how long until what is left gets SIGKILL (default: 5)').argParser(
        patience,
      ),
    )
    .action(async (pids: number[], options: KillCommand) =>
      end(await (await import('./kill.mjs')).kill(pids, options)),
    );
  command
    .command('wait')
    .summary('wait until processes have ended')
    .description('Waits until processes have ended, whether or not they are children, and prints how.')
    .argument('<pid...>', 'the processes', othersOf)
    .addOption(
      new Option('--timeout <time>', 'exit with 124 if a process has not ended within this time').argParser(patience),
    )
    .action(async (pids: number[], options: WaitCommand) =>
      end(await (await import('./wait.mjs')).wait(pids, options)),
    );
  command
    .command('events')
    .summary('print processes as they begin, execute programs and end')
    .description('Prints processes as they begin, execute programs and end, an event a line.')
    .option('--name <pattern>', 'only of processes whose name matches a regular expression', pattern)
    .option('-i, --ignore-case', 'ignore the case of letters')
    .option('--ndjson', 'print JSON, an object a line')
    .option('--poll <time>', 'compare listings at this interval if kernel events are unavailable', interval)
    .action(async (options: EventsCommand) => (await import('./events.mjs')).events(options));
  exporting(command, end);
  command
    .command('completion')
    .summary('print the completion script of a shell')
    .description('Prints the completion script of a shell.')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .action(async (shell: Shell) => {
      const { completion } = await import('./completion.mjs');
      process.stdout.write(completion(program(), shell));
    });
  for (const each of command.commands) {
    each.addHelpText('after', () => helpBelow(each.name(), helpWidth()));
    each.configureHelp({ ...each.configureHelp(), ...NARROW });
    each.configureOutput({ outputError: (text, write) => write(usageLine(text, `psutil-extra ${each.name()}`)) });
  }
  // After the commands, which would inherit it.
  return command.configureHelp({
    ...NARROW,
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
    .argument('<pid...>', 'the processes; self is this command', pidsOf)
    .option('--json', 'print a JSON array')
    .addOption(procRoot())
    .action(async (pids: number[], options: PidsCommand) => end(await (await load())(pids, options)));
}

/** A command that prints a list; `usage` is its name, and its argument as in help. */
function ofRecords(
  command: Command,
  usage: string,
  summary: string,
  end: (code: number) => void,
  load: () => Promise<(one: number, options: RecordsCommand) => Promise<number>>,
): Command {
  const [name = '', argument = ''] = usage.split(' ');
  return tabled(command.command(name))
    .summary(summary)
    .description(`${summary.replace('print', 'Prints')}.`)
    .argument(argument, 'the process; self is this command', pid)
    .addOption(new Option('--json', 'print a JSON array instead of a table').conflicts('ndjson'))
    .addOption(new Option('--ndjson', 'print JSON, an object a line'))
    .addOption(procRoot())
    .action(async (one: number, options: RecordsCommand) =>
      end(await (await load())(resolved(one, options.procRoot), options)),
    );
}

/** Commander wraps no text that has less room than that, and then the terminal breaks words. */
const NARROW = { minWidthToWrap: 20 };

/** Help is at most as wide as a common screen: longer lines are harder to read. */
function helpWidth(): number {
  return Math.min(COMMON, process.stdout.columns || COMMON);
}

const COMMON = 80;

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
