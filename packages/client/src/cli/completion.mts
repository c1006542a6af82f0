import type { Command, Option } from 'commander';
import { FIELDS } from 'psutil-extra';
import type { Completed, Values } from './completed-command.mjs';
import { bash } from './completion-bash.mjs';
import { fish } from './completion-fish.mjs';
import { zsh } from './completion-zsh.mjs';
import { resourceNames, shortName } from './resource-names.mjs';
import { STATES } from './states.mjs';
import { SAMPLED_FIELDS, TopColumns } from './top/columns.mjs';

export type Shell = 'bash' | 'zsh' | 'fish';
export const SHELLS: readonly Shell[] = ['bash', 'zsh', 'fish'];

/** A shell's script that completes this command line. It needs nothing else, and does not start Node to complete. */
export function completion(program: Command, shell: Shell): string {
  const commands = program.commands.map((command) => ({
    name: command.name(),
    aliases: command.aliases(),
    summary: command.summary(),
    options: [...command.options.map((option) => completed(option, command.name())), HELP],
    values: command.registeredArguments.map(
      (argument): Values =>
        argument.argChoices === undefined
          ? ofArgument(argument.name(), command.name())
          : { kind: 'words', words: argument.argChoices },
    ),
  }));
  return { bash, zsh, fish }[shell](program.name(), commands);
}

function completed(option: Option, command: string): Completed {
  const { long, short, description, required, optional, argChoices } = option;
  const values =
    argChoices === undefined ? ofOption(long as string, command) : { kind: 'words' as const, words: argChoices };
  return {
    flag: long as string,
    alias: short,
    description,
    values: required || optional ? (values ?? { kind: 'unknown' }) : undefined,
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
    '--pid': { kind: 'pids', words: ['self'] },
    '--state': { kind: 'list', words: STATES },
    '--proc-root': { kind: 'folders' },
    '--config': { kind: 'files' },
  };
  return values[flag];
}

function ofArgument(name: string, command: string): Values {
  switch (name) {
    case 'pid':
      return { kind: 'pids', words: command === 'kill' || command === 'wait' ? [] : ['self'] };
    case 'resource':
      return { kind: 'words', words: resourceNames().map(shortName) };
    case 'directory':
      return { kind: 'folders' };
    default:
      return { kind: 'unknown' };
  }
}

const HELP: Completed = {
  flag: '--help',
  alias: '-h',
  description: 'display help for command',
  values: undefined,
  optional: false,
};
