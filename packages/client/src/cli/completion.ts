import type { Command, Option } from 'commander';
import { FIELDS } from '../index.js';
import type { Completed, Values } from './completed-command.js';
import { bash } from './completion-bash.js';
import { fish } from './completion-fish.js';
import { zsh } from './completion-zsh.js';
import { resourceNames, shortName } from './resource-names.js';
import { SAMPLED_FIELDS, TopColumns } from './top/columns.js';

export type Shell = 'bash' | 'zsh' | 'fish';
export const SHELLS: readonly Shell[] = ['bash', 'zsh', 'fish'];

/** A shell's script that completes this command line. It needs nothing else, and does not start Node to complete. */
export function completion(program: Command, shell: Shell): string {
  const commands = program.commands.map((command) => ({
    name: command.name(),
    summary: command.summary(),
    options: [...command.options.map((option) => completed(option, command.name())), HELP],
    values: command.registeredArguments.map(
      (argument): Values =>
        argument.argChoices === undefined ? ofArgument(argument.name()) : { kind: 'words', words: argument.argChoices },
    ),
  }));
  return { bash, zsh, fish }[shell](program.name(), commands);
}

function completed(option: Option, command: string): Completed {
  const { long, description, required, optional } = option;
  return {
    flag: long as string,
    description,
    values: required || optional ? (ofOption(long as string, command) ?? { kind: 'unknown' }) : undefined,
    optional,
  };
}

function ofOption(flag: string, command: string): Values | undefined {
  const [fields, columns] =
    command === 'top' ? [SAMPLED_FIELDS, new TopColumns({ userName: String }).names] : [FIELDS, ['pid', ...FIELDS]];
  const values: Readonly<Record<string, Values>> = {
    '--fields': { kind: 'list', words: fields },
    '--sort': { kind: 'words', words: columns.flatMap((name) => [name, `-${name}`]) },
    '--user': { kind: 'users' },
    '--proc-root': { kind: 'folders' },
  };
  return values[flag];
}

function ofArgument(name: string): Values {
  return name === 'pid' ? { kind: 'pids' } : { kind: 'words', words: resourceNames().map(shortName) };
}

const HELP: Completed = { flag: '--help', description: 'display help for command', values: undefined, optional: false };
