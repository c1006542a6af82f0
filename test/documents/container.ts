import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Outcome, outcomeOf } from '../cli-command.js';

/** A folder of the host that a container sees at another path. */
export interface Mount {
  readonly from: string;
  readonly at: string;
}

/**
 * Runs a program as a container would: on a root of its own that is read-only and has all of this machine's folders, with
 * PIDs and a `/proc` of its own, no way to more rights, and of the host's `/proc` only what is mounted. Takes root.
 */
export function inContainer(
  mounts: readonly Mount[],
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  cwd: string,
): Promise<Outcome> {
  const { unshare, root } = container(mounts, command, cwd);
  // The mounts are those of the namespace, and have gone with it: the folder is empty.
  return outcomeOf('unshare', unshare, env).finally(() => rmdirSync(root));
}

/**
 * The arguments of unshare(1) that run a program so, and the folder that is to be removed when it has ended. `rights` is a command
 * that becomes the one it is given, such as setpriv(1).
 */
export function container(
  mounts: readonly Mount[],
  command: readonly string[],
  cwd: string,
  rights: readonly string[] = [],
): { readonly unshare: readonly string[]; readonly root: string } {
  const root = mkdtempSync(join(tmpdir(), 'psutil-extra-container-'));
  const bound = mounts.map(({ from, at }) => `mkdir -p '.${at}' && mount --bind -o ro '${from}' '.${at}'`);
  const script = ['set -e', BEGIN, ...bound, END.replace('RIGHTS', rights.join(' '))].join('\n');
  return {
    unshare: ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', script, root, cwd, ...command],
    root,
  };
}

const BEGIN = `
cwd=$1; shift
mount -t tmpfs none "$0"
cd "$0"
for path in /*; do
  if [ "$path" = /proc ] || [ "$path" = /host ]; then continue
  elif [ -L "$path" ]; then cp -P "$path" ".$path"
  elif [ -d "$path" ]; then mkdir ".$path" && mount --rbind "$path" ".$path"
  fi
done`;

const END = `
mkdir proc
mount -t proc proc proc
mount -o remount,ro .
exec setpriv --no-new-privs chroot . RIGHTS sh -c 'cd "$0" && exec "$@"' "$cwd" "$@"`;
