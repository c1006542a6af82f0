import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { type ScanCommand, scan } from './scan.js';

/** What the command ends with. commander itself would end a wrong command line with 1, as any failure. */
const Exit = Object.freeze({ ok: 0, failed: 1, usage: 2 });

/** Runs a command line (without `node` and the script) and answers with the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    await program().parseAsync(args, { from: 'user' });
    return Exit.ok;
  } catch (error) {
    // commander has said already what is wrong, or has printed the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? Exit.ok : Exit.usage;
    process.stderr.write(`psutil-extra: ${oneLine(error)}\n`);
    return isUsage(error) ? Exit.usage : Exit.failed;
  }
}

function program(): Command {
  const command = new Command('psutil-extra')
    .description('Looks into processes: umask, groups, limits, signal masks, process group, session.')
    .version(version(), '-V, --version')
    .exitOverride()
    .showHelpAfterError('psutil-extra --help tells more');
  command
    .command('scan')
    .description('print every process, one a line')
    .option('--fields <list>', 'fields to read, separated by commas', names)
    .option('--json', 'print a JSON array instead of a table')
    .option('--proc-root <dir>', "where the proc filesystem is, such as a host's in a container", '/proc')
    .addHelpText('after', SCAN_HELP)
    .action((options: ScanCommand) => scan(options));
  return command;
}

const SCAN_HELP = `
Fields: name, ppid, state, uids, gids, groups, umask, sigmasks, pgid, sid,
threads, startTime, rlimits. In the table sigmasks is BLOCKED, IGNORED and
CAUGHT, and rlimits is NOFILE (soft/hard); JSON has all of them, "unlimited"
where there is no limit, and null for what could not be read.
In the table "?" could not be read, "-" is none, "+3" is three more.
On a terminal lines are cut to its width, or to COLUMNS; in a pipe they are not.
Exit code: 0 done, 1 the system refused, 2 the command line is wrong.`;

function names(list: string): string[] {
  return list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== 'pid'); // which is there anyhow
}

/** A bad option is found by the library, which knows the fields and says so with Node's own codes. */
function isUsage(error: unknown): boolean {
  const { code } = Object(error) as { code?: unknown };
  return code === 'ERR_INVALID_ARG_VALUE' || code === 'ERR_INVALID_ARG_TYPE' || code === 'ERR_OUT_OF_RANGE';
}

function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replaceAll(/\s*\n\s*/g, ' ');
}

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
