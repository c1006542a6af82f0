import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { release } from 'node:os';
import { fileURLToPath } from 'node:url';
import { thisHost } from '../../packages/native/dist/host.js';
import { commOf } from './proc.js';

/**
 * What this machine lets a test do. A test that needs one says so: `skip(...lacking.root)` skips it and
 * gives the report the reason.
 */
export const lacking = {
  /** Changing one's user, groups and mounts. */
  get root(): [boolean, string] {
    return [process.getuid?.() !== 0, 'only root can make this process'];
  },
  /** Choosing the next PID. */
  get choiceOfPid(): [boolean, string] {
    return [!isWritable('/proc/sys/kernel/ns_last_pid'), 'the next PID cannot be chosen: ns_last_pid is not writable'];
  },
  /** Giving a process a PID of one's choice at once: clone3(2) with set_tid. */
  get reuseOfPid(): [boolean, string] {
    return [process.getuid?.() !== 0 || kernel() < 5.05, 'clone3 with set_tid takes Linux 5.5 and root'];
  },
  /** A number of the kernel's that no two processes have. */
  get pidfs(): [boolean, string] {
    return [kernel() < 6.09, 'the inode of a pidfd is unique since Linux 6.9'];
  },
  /** A kernel that says how a process has ended when it has been reaped. */
  get exitInfo(): [boolean, string] {
    return [kernel() < 6.15, 'how a reaped process has ended is known since Linux 6.15'];
  },
  /** Namespaces of PIDs and mounts. */
  get namespaces(): [boolean, string] {
    return [!works('unshare', '--pid', '--fork', '--mount-proc', 'true'), 'PID namespaces cannot be made here'];
  },
  /** Mounting a file system that a program of ours serves. */
  get fileSystemsInUserSpace(): [boolean, string] {
    return [
      !isWritable('/dev/fuse') || !works('unshare', '--mount', 'true'),
      'a file system in user space cannot be mounted here',
    ];
  },
  /** Tracing the system calls of another process. */
  get strace(): [boolean, string] {
    return [!works('strace', '-o', '/dev/null', 'true'), 'strace is not here or may not trace'];
  },
  /** Reading JSON with something that this project did not write. */
  get jq(): [boolean, string] {
    return [!works('jq', '--version'), 'jq is not installed'];
  },
  /** Python's psutil, whose names the documents mention. */
  get psutil(): [boolean, string] {
    return [!works('python3', '-c', 'import psutil'), "Python's psutil is not installed"];
  },
  /** Open files as another program lists them. */
  get lsof(): [boolean, string] {
    return [!works('lsof', '-v'), 'lsof is not installed'];
  },
  /** Sockets as another program lists them. */
  get ss(): [boolean, string] {
    return [!works('ss', '-V'), 'ss (iproute2) is not installed'];
  },
  /** Protecting a process from the kernel when memory runs out. */
  get oomProtection(): [boolean, string] {
    return [!works('sh', '-c', 'echo -1 >/proc/self/oom_score_adj'), 'oom_score_adj cannot be lowered here'];
  },
  /** Capabilities as another program decodes them. */
  get getpcaps(): [boolean, string] {
    return [!works('getpcaps', String(process.pid)), 'getpcaps (libcap) is not installed'];
  },
  /** Reading Arrow with something else than what wrote it. */
  get pyarrow(): [boolean, string] {
    return [!works('python3', '-c', 'import pyarrow'), 'pyarrow is not installed'];
  },
  /** A terminal whose screen can be looked at. */
  get tmux(): [boolean, string] {
    return [!works('tmux', '-V'), 'tmux is not installed'];
  },
  /** A linter of manual pages. */
  get mandoc(): [boolean, string] {
    return [!works('sh', '-c', 'command -v mandoc'), 'mandoc is not installed'];
  },
  /** A shell other than the one that is always here. */
  shell(name: string): [boolean, string] {
    return [!works(name, '-c', 'true'), `${name} is not installed`];
  },
  /** Answering another program's calls in the C library's place: `LD_PRELOAD`, and a compiler that makes what is loaded. */
  get preload(): [boolean, string] {
    return [
      process.platform !== 'linux' || thisHost().musl || !works('cc', '--version'),
      'calls are made to fail with glibc and a C compiler',
    ];
  },
  /** PID 2 as a thread of the kernel: no container shows it. */
  get kernelThread(): [boolean, string] {
    return [commOf(2) !== 'kthreadd', 'PID 2 is not a kernel thread here'];
  },
  /** Opening pages in a real browser. */
  get chromium(): [boolean, string] {
    return [!works('chromium', '--version'), 'chromium is not here: apt-get install chromium, or the same elsewhere'];
  },
  /** A queue's store. */
  get redis(): [boolean, string] {
    return [
      !works('redis-server', '--version'),
      'redis is not here: apt-get install redis-server, or the same elsewhere',
    ];
  },
  /** Having metrics scraped, and rules checked by promtool, which comes with it. */
  get prometheus(): [boolean, string] {
    return [
      !works('prometheus', '--version') || !works('promtool', '--version'),
      'prometheus is not here: apt-get install --no-install-recommends prometheus, or the same elsewhere',
    ];
  },
  /** Questions over NATS. */
  get nats(): [boolean, string] {
    return [
      !works('nats-server', '--version'),
      'nats-server is not here: apt-get install --no-install-recommends nats-server, or the same elsewhere',
    ];
  },
  /** Giving a file capabilities that hold where it is run. */
  get fileCapabilities(): [boolean, string] {
    return [!works('sh', '-c', RUNS_WITH_CAPABILITIES), 'a file in the temporary folder cannot be given capabilities'];
  },
  /** systemd's checks of units and lists of system calls; systemd need not run. */
  get systemdAnalyze(): [boolean, string] {
    return [!works('systemd-analyze', 'syscall-filter', '@system-service'), 'systemd-analyze is not installed'];
  },
  /** The list of Debian's packages. */
  get packageLists(): [boolean, string] {
    return [
      !works('apt-get', 'install', '--simulate', 'chromium'),
      'this is no Debian, or apt-get update has not been run',
    ];
  },
  /** Running this project as another user than the one who checked it out. */
  get otherUser(): [boolean, string] {
    const packages = fileURLToPath(new URL('../../packages/client/dist/index.js', import.meta.url));
    return [
      process.getuid?.() !== 0 || !works(...AS_NOBODY, 'test', '-r', packages),
      'needs root, and a checkout that other users can read',
    ];
  },
};

/** A wrapper that runs a program as the user nobody. */
export const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] as const;

/** Whether the user nobody can run a copy of grep with a capability: not where the folder is mounted `nosuid`. */
const RUNS_WITH_CAPABILITIES = `
set -e
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
chmod 755 "$folder"
cp "$(command -v grep)" "$folder/grep"
setcap cap_bpf,cap_perfmon=ep "$folder/grep"
${AS_NOBODY.join(' ')} "$folder/grep" -q '^CapEff:.*[1-9a-f]' /proc/self/status`;

function works(...command: string[]): boolean {
  const [program, ...args] = command;
  try {
    execFileSync(program as string, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** 6.18 as 6.18, and 6.9 as 6.09. */
function kernel(): number {
  const [major, minor] = release().split('.').map(Number);
  return (major as number) + (minor as number) / 100;
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
