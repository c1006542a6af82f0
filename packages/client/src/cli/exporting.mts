import { type Command, Option } from 'commander';
import { address } from './address.mjs';
import { procRoot, recording } from './command-options.mjs';
import { folder, interval } from './option-values.mjs';
import type { RecordCommand } from './record.mjs';
import type { ServeCommand } from './serve.mjs';

/** Adds the commands that go on until a signal ends them, and put processes where other programs read them. */
export function exporting(command: Command, end: (code: number) => void): void {
  recording(
    command
      .command('record')
      .summary('record processes into Parquet files')
      .description('Records processes again and again into Parquet files, until a signal ends it.')
      .argument('<directory>', 'where the files are; it is made if it does not exist', folder),
  ).action(async (directory: string, options: RecordCommand) =>
    (await import('./record.mjs')).record(directory, options),
  );
  command
    .command('serve')
    .summary('serve metrics of groups of processes')
    .description('Serves metrics of groups of processes to Prometheus, until it gets SIGTERM.')
    .requiredOption('--metrics <address>', 'a port, or address:port; without an address on 127.0.0.1', address)
    .addOption(
      new Option('--group-by <what>', 'what makes a group (default: name)').choices(GROUPINGS).conflicts('config'),
    )
    .option(
      '--config <file>',
      'JSON with groups, limits and intervals: see the README of @psutil-extra/metrics',
      folder,
    )
    .option('--interval <time>', 'from one reading to the next (default: 10, or as in --config)', interval)
    .addOption(procRoot())
    .action(async (options: ServeCommand) => end(await (await import('./serve.mjs')).serve(options)));
}

/** What `groupProcesses()` of @psutil-extra/metrics takes by name. */
const GROUPINGS = ['name', 'user', 'cgroup', 'container'];
