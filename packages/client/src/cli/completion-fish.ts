import type { Completed, CompletedCommand, Values } from './completed-command.js';

/** For fish: a line for each option. */
export function fish(name: string, commands: readonly CompletedCommand[]): string {
  const names = commands.map((command) => command.name).join(' ');
  const start = `complete -c ${name}`;
  const lines = [
    `# ${name} for fish: ${name} completion fish | source`,
    `${start} -f`,
    `${start} -n '__fish_use_subcommand' -l help -d 'display help for command'`,
    `${start} -n '__fish_use_subcommand' -l version -d 'output the version number'`,
    ...commands.map(
      (command) =>
        `${start} -n 'not __fish_seen_subcommand_from ${names}' -a ${command.name} -d '${quoted(command.summary)}'`,
    ),
    ...commands.flatMap((command) => {
      const within = `${start} -n '__fish_seen_subcommand_from ${command.name}'`;
      return [
        ...command.options.map((option) => `${within} ${optionSpec(option)}`),
        ...command.values.map((values) => `${within} ${valueSpec(values)}`),
      ];
    }),
  ];
  return `${lines.join('\n')}\n`;
}

function optionSpec({ flag, description, values, optional }: Completed): string {
  const spec = `-l ${flag.slice(2)} -d '${quoted(description)}'`;
  if (values === undefined || optional) return spec;
  return `${spec} ${values.kind === 'folders' ? '-r' : '-x'} ${valueSpec(values)}`.trimEnd();
}

function valueSpec(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `-a '${values.words.join(' ')}'`;
    case 'list':
      return `-a '(__fish_append , ${values.words.join(' ')})'`;
    case 'users':
      return `-a '(__fish_complete_users)'`;
    case 'folders':
      return `-a '(__fish_complete_directories)'`;
    case 'pids':
      return `-a '(__fish_complete_pids)'`;
    case 'unknown':
      return '';
  }
}

/** Inside single quotes. */
function quoted(text: string): string {
  return text.replaceAll(/['\\]/g, '\\$&');
}
