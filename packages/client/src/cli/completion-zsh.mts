import { type Completed, type CompletedCommand, namesOf, type Values } from './completed-command.mjs';

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
${commands.flatMap(described).join('\n')}
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
${PIDS}() { _alternative 'pids:PID:_pids' 'words:word:(self)' }
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then ${run} "$@"; else compdef ${run} ${name}; fi
`;
}

/** Each name of a command, and what it does. */
function described(command: CompletedCommand): string[] {
  return namesOf(command).map((each) => `        '${each}:${quoted(command.summary)}'`);
}

function branch(command: CompletedCommand): string {
  const { options, values } = command;
  const specs = [
    ...options.map(optionSpec),
    // With an argument of which nothing is known zsh would offer no option either.
    ...values.flatMap((each, place) => {
      const where = place === values.length - 1 ? '*' : String(place + 1);
      return each.kind === 'unknown' ? [] : [`'${where}: :${action(each)}'`];
    }),
  ];
  return `        ${namesOf(command).join('|')}) _arguments ${specs.join(' ')} ;;`;
}

/** With two names of an option, either leaves out the other. */
function optionSpec({ flag, alias, description, values, optional }: Completed): string {
  const text = `[${quoted(description).replaceAll(/[[\]:]/g, '\\$&')}]`;
  const behind = values === undefined ? text : `${text}${optional ? '::' : ':'}value:${action(values)}`;
  return alias === undefined ? `'${flag}${behind}'` : `'(${alias} ${flag})'{${alias},${flag}}'${behind}'`;
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
    case 'files':
      return '_files';
    case 'pids':
      return values.words.includes('self') ? PIDS : '_pids';
    case 'unknown':
      return ' ';
  }
}

/** A function for a PID or `self`. */
const PIDS = '_psutil_extra_pids';

/** Inside single quotes. */
function quoted(text: string): string {
  return text.replaceAll("'", `'\\''`);
}
