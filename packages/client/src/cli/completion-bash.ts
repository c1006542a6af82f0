import type { CompletedCommand, Values } from './completed-command.js';

/** For bash, with builtins only: bash-completion need not be installed. */
export function bash(name: string, commands: readonly CompletedCommand[]): string {
  const run = `_${name.replaceAll('-', '_')}`;
  const names = commands.map((command) => command.name);
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
${commands.map(({ name: each, options }) => `      ${each}) COMPREPLY=($(compgen -W '${options.map(({ flag }) => flag).join(' ')}' -- "$current")) ;;`).join('\n')}
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

function optionValues({ name, options }: CompletedCommand): string[] {
  return options.flatMap(({ flag, values }) =>
    values === undefined || values.kind === 'unknown' ? [] : [`    ${name}:${flag}) ${reply(values)}; return ;;`],
  );
}

/** A PID counts as a place even if the command takes several; the last place holds for all that follow. */
function argumentValues({ name, values }: CompletedCommand): string[] {
  return values.map((each, place) => {
    const places = place === values.length - 1 ? `${name}:*` : `${name}:${place}`;
    return `    ${places}) ${reply(each)} ;;`;
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
    case 'pids':
      return `COMPREPLY=($(compgen -W "$(ps -A -o pid=)" -- "$current"))`;
    case 'unknown':
      return ':';
  }
}
