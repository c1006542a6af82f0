import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { PYTHON, python } from './libraries.js';

/** What a run's numbers depend on, a line each. */
export function machine(): string[] {
  const [cpu] = cpus();
  return [
    `${availableParallelism()} processors, ${cpu?.model.trim() ?? 'of an unknown kind'}; ${Math.round(totalmem() / 1e9)} GB`,
    `${type()} ${kernelVersion()}, ${distribution()}`,
    `Node.js ${process.version}, ${output('cc', ['--version']) ?? 'no cc'}`,
    versions(),
  ];
}

/** Without what its builder has added. */
function kernelVersion(): string {
  return /^[\d.]+/.exec(release())?.[0] ?? release();
}

function distribution(): string {
  try {
    return /^PRETTY_NAME="?(.*?)"?$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'unknown';
  } catch {
    return 'unknown';
  }
}

function versions(): string {
  const psutil =
    output(python(), ['-c', 'import psutil; print(psutil.__version__)']) ?? `not installed (${PYTHON.install})`;
  const ps = output('ps', ['--version']) ?? 'not installed (apt install procps)';
  const { dependencies } = createRequire(import.meta.url)('../package.json') as {
    dependencies: Record<string, string>;
  };
  const ours = /^(?:psutil-extra|tinybench|linkedom|@observablehq\/plot)$/;
  const packages = Object.keys(dependencies).filter((name) => !ours.test(name));
  return [
    ...packages.map((name) => `${name} ${dependencies[name]}`),
    `${PYTHON.name} ${psutil}`,
    ps.replace('ps from ', ''),
  ].join(', ');
}

/** The first line, or nothing where the program is not there. */
function output(program: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n')[0];
  } catch {
    return undefined;
  }
}
