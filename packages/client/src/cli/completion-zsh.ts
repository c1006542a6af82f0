import type { Completed, CompletedCommand, Values } from './completed-command.js';

/** For zsh, by its own `_arguments`. It may be evaluated, or be a file `_psutil-extra` on the fpath. */
export function zsh(name: string, commands: readonly CompletedCommand[]): string {
  const run = `_${name.replaceAll('-', '_')}`;
  return `#compdef ${name}
# ${name} for zsh: eval "$(${name} completion zsh)"
${run}() {
  local context state state_descr line
  typeset -A opt_args
  _arguments -C '(- *)--help[display help for command]' '(- *)--version[output the version number]' '1: :->command' '*:: :->rest'
  case $state in
    command)
      local -a commands=(
${commands.map((command) => `        '${command.name}:${quoted(command.summary)}'`).join('\n')}
      )
      _describe command commands
      ;;
    rest)
      case $line[1] in
${commands.map(branch).join('\n')}
      esac
      ;;
  esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then ${run} "$@"; else compdef ${run} ${name}; fi
`;
}

function branch({ name, options, values }: CompletedCommand): string {
  const specs = [
    ...options.map(optionSpec),
    ...values.map((each, place) => {
      const where = place === values.length - 1 ? '*' : String(place + 1);
      return `'${where}: :${action(each)}'`;
    }),
  ];
  return `        ${name}) _arguments ${specs.join(' ')} ;;`;
}

function optionSpec({ flag, description, values, optional }: Completed): string {
  const text = `${flag}[${quoted(description).replaceAll(/[[\]:]/g, '\\$&')}]`;
  return values === undefined ? `'${text}'` : `'${text}${optional ? '::' : ':'}value:${action(values)}'`;
}

function action(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `(${values.words.join(' ')})`;
    case 'list':
      return `_sequence compadd - ${values.words.join(' ')}`;
    case 'users':
      return '_users';
    case 'folders':
      return '_directories';
    case 'pids':
      return '_pids';
    case 'unknown':
      return ' ';
  }
}

/** Inside single quotes. */
function quoted(text: string): string {
  return text.replaceAll("'", `'\\''`);
}
