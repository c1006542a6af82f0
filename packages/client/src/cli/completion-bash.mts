import { type Completed, type CompletedCommand, namesOf, type Values } from './completed-command.mjs';

/** For bash, with builtins only: bash-completion need not be installed. */
export function bash(name: string, commands: readonly CompletedCommand[]): string {
  const run = `_${name.replaceAll('-', '_')}`;
  const names = commands.flatMap(namesOf);
  return `# ${name} for bash: eval "$(${name} completion bash)"
${run}() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command= place=0 at
  COMPREPLY=()
  for ((at = 1; at < COMP_CWORD; at++)); do
    case \${COMP_WORDS[at]} in
      -*) ;;
      *) if [[ -z $command ]]; then command=\${COMP_WORDS[at]}; else place=$((place + 1)); fi ;;
    esac
  done
  case $command:$previous in
${commands.flatMap(optionValues).join('\n')}
  esac
  if [[ -z $command ]]; then
    COMPREPLY=($(compgen -W '${[...names, '--help', '--version'].join(' ')}' -- "$current"))
    return
  fi
  if [[ $current == -* ]]; then
    case $command in
${commands.map((command) => `      ${namesOf(command).join('|')}) COMPREPLY=($(compgen -W '${command.options.flatMap(longFlags).join(' ')}' -- "$current")) ;;`).join('\n')}
    esac
    return
  fi
  case $command:$place in
${commands.flatMap(argumentValues).join('\n')}
  esac
}
complete -F ${run} ${name}
`;
}

/** A letter is as short as it gets. */
function longFlags({ flag, alias }: Completed): string[] {
  return [flag, ...(alias?.startsWith('--') ? [alias] : [])];
}

function optionValues(command: CompletedCommand): string[] {
  return command.options.flatMap(({ flag, alias, values }) => {
    if (values === undefined || values.kind === 'unknown') return [];
    const flags = alias === undefined ? [flag] : [flag, alias];
    const places = namesOf(command).flatMap((name) => flags.map((each) => `${name}:${each}`));
    return [`    ${places.join('|')}) ${reply(values)}; return ;;`];
  });
}

/** A PID counts as a place even if the command takes several; the last place holds for all that follow. */
function argumentValues(command: CompletedCommand): string[] {
  const { values } = command;
  return values.map((each, place) => {
    const places = namesOf(command).map((name) => `${name}:${place === values.length - 1 ? '*' : place}`);
    return `    ${places.join('|')}) ${reply(each)} ;;`;
  });
}

function reply(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `COMPREPLY=($(compgen -W '${values.words.join(' ')}' -- "$current"))`;
    case 'list':
      // The text before the last comma is kept.
      return `local before=; [[ $current == *,* ]] && before=\${current%,*},; COMPREPLY=($(compgen -P "$before" -W '${values.words.join(' ')}' -- "\${current##*,}")); compopt -o nospace`;
    case 'users':
      return 'COMPREPLY=($(compgen -u -- "$current"))';
    case 'folders':
      return 'COMPREPLY=($(compgen -d -- "$current"))';
    case 'files':
      return 'COMPREPLY=($(compgen -f -- "$current"))';
    case 'pids':
      return `COMPREPLY=($(compgen -W "${[...values.words, '$(ps -A -o pid=)'].join(' ')}" -- "$current"))`;
    case 'unknown':
      return ':';
  }
}
