import { type Completed, type CompletedCommand, namesOf, type Values } from './completed-command.mjs';

/** For fish: a line for each option. */
export function fish(name: string, commands: readonly CompletedCommand[]): string {
  const names = commands.flatMap(namesOf).join(' ');
  const start = `complete -c ${name}`;
  const lines = [
    `# ${name} for fish: ${name} completion fish | source`,
    `${start} -f`,
    `${start} -n '__fish_use_subcommand' -l help -d 'display help for command'`,
    `${start} -n '__fish_use_subcommand' -l version -d 'output the version number'`,
    ...commands.flatMap((command) =>
      namesOf(command).map(
        (each) => `${start} -n 'not __fish_seen_subcommand_from ${names}' -a ${each} -d '${quoted(command.summary)}'`,
      ),
    ),
    ...commands.flatMap((command) => {
      const within = `${start} -n '__fish_seen_subcommand_from ${namesOf(command).join(' ')}'`;
      return [
        ...command.options.map((option) => `${within} ${optionSpec(option)}`),
        ...command.values.map((values) => `${within} ${valueSpec(values)}`),
      ];
    }),
  ];
  return `${lines.join('\n')}\n`;
}

function optionSpec({ flag, alias, description, values, optional }: Completed): string {
  const other = alias === undefined ? '' : alias.startsWith('--') ? `-l ${alias.slice(2)} ` : `-s ${alias.slice(1)} `;
  const spec = `${other}-l ${flag.slice(2)} -d '${quoted(description)}'`;
  if (values === undefined || optional) return spec;
  return `${spec} ${['folders', 'files'].includes(values.kind) ? '-r' : '-x'} ${valueSpec(values)}`.trimEnd();
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
    case 'files':
      // Files are left out elsewhere: `complete -f` above.
      return '-F';
    case 'pids':
      return `-a '${[...values.words, '(__fish_complete_pids)'].join(' ')}'`;
    case 'unknown':
      return '';
  }
}

/** Inside single quotes. */
function quoted(text: string): string {
  return text.replaceAll(/['\\]/g, '\\$&');
}
