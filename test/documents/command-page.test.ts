import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Outcome, outcomeOf, psutilExtra } from '../cli-command.js';
import { lacking } from '../processes/abilities.js';
import { prlimit } from '../processes/proc.js';
import { sleeper, UNUSED_PID } from '../processes/sleeper.js';
import { commandsIn, snippet } from './markdown.js';
import { SnippetFolder } from './snippet-folder.js';

let folder: SnippetFolder;
beforeAll(async () => {
  folder = await SnippetFolder.make();
});
afterAll(() => folder[Symbol.asyncDispose]());

describe('limits in docs/command.md', () => {
  const LINES = commandsIn(
    snippet('docs/command.md: psutil-extra rlimit 1234                       # all of them').code,
  );
  const [all, these, both, one, none, bytes] = LINES;
  const UNLIMITED = Number.POSITIVE_INFINITY;

  beforeEach(async ({ skip }) => {
    const { code } = await outcomeOf('prlimit', ['--nofile=5000:9000', 'true']);
    skip(code !== 0, 'so many files may not be opened here, and to raise a hard limit takes a privilege');
  });

  it('are six lines', () => {
    expect(LINES).toHaveLength(6);
  });

  it('are all printed', async () => {
    const { stdout } = await ran(all);
    expect(stdout).toMatch(/nofile.*5000.*9000/i);
    expect(stdout.trim().split('\n').length).toBeGreaterThan(10);
  });

  it('are printed of those named', async () => {
    const { stdout } = await ran(these, '--core=0:0');
    expect(stdout).toMatch(/nofile.*5000.*9000/i);
    expect(stdout).toMatch(/core/i);
    expect(stdout).not.toMatch(/stack/i);
  });

  it('are set, soft and hard', async () => {
    const { stdout, nofile } = await ran(both);
    expect({ stdout, nofile }).toEqual({ stdout: '', nofile: { soft: 4096, hard: 8192 } });
  });

  it('are set one at a time', async () => {
    const { nofile, core } = await ran(one, '--core=0');
    expect({ nofile, core }).toEqual({ nofile: { soft: 4096, hard: 9000 }, core: { soft: 0, hard: 0 } });
  });

  it('are set in bytes', async () => {
    using process = await sleeper();
    expect(await run(bytes, process)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(prlimit(process.pid, 'as')).toEqual({ soft: 1.5 * 2 ** 30, hard: 1.5 * 2 ** 30 });
  });

  it('are removed, or the error says that this is not permitted', async () => {
    using process = await sleeper(['prlimit', '--core=0']);
    // Depends on this machine: raising a hard limit takes a privilege.
    const { code: permitted } = await outcomeOf('prlimit', ['--pid', String(process.pid), '--core=:unlimited']);
    const { code, stdout, stderr } = await run(none, process);
    expect({ code, stdout }).toEqual({ code: permitted === 0 ? 0 : 4, stdout: '' });
    if (permitted === 0) expect(prlimit(process.pid, 'core')).toEqual({ soft: UNLIMITED, hard: UNLIMITED });
    else expect(stderr).toMatch(/^psutil-extra: EPERM/);
  });
});

describe('the error in docs/command.md', () => {
  it('is printed for a PID that no process has', async () => {
    const { code } = snippet(
      'docs/command.md: psutil-extra: no process with PID 4194305; run psutil-extra list to see all PIDs',
    );
    const { stderr } = await psutilExtra(['groups', String(UNUSED_PID)]);
    expect(stderr).toBe(code);
  });
});

describe('the lines for shells in docs/command.md', () => {
  const LINES = commandsIn(snippet('docs/command.md: eval "$(psutil-extra completion bash)" # in ~/.bashrc').code);

  it.for([
    {
      shell: 'bash',
      args: ['--norc'],
      before: '',
      after: 'complete -p psutil-extra',
      says: /^complete .*-F _psutil_extra psutil-extra\n$/,
    },
    {
      shell: 'zsh',
      args: ['-f'],
      before: 'autoload -U compinit; compinit -D -u; ',
      after: 'print $_comps[psutil-extra]',
      says: /^_psutil_extra\n$/,
    },
    {
      shell: 'fish',
      args: ['--no-config'],
      before: '',
      after: "complete -C 'psutil-extra sig'",
      says: /^signals\t.*\n$/,
    },
  ])('complete the command in $shell', async ({ shell, args, before, after, says }, { skip }) => {
    skip(...lacking.shell(shell));
    const [line, another] = LINES.filter((each) => each.includes(`completion ${shell}`));
    expect(another).toBeUndefined();
    const { stdout, stderr } = await folder.shell(`${before}${line}\n${after}`, shell, args);
    expect(stderr).toBe('');
    expect(stdout).toMatch(says);
  });

  it('are three', () => {
    expect(LINES).toHaveLength(3);
  });
});

/** Runs a line with the PID of a test process in place of 1234. */
function run(line: string | undefined, { pid }: { readonly pid: number }): Promise<Outcome> {
  return folder.shell(String(line).replace(' 1234', ` ${pid}`));
}

/** The same with a process that has these limits first. */
async function ran(line: string | undefined, ...limits: readonly string[]) {
  using process = await sleeper(['prlimit', '--nofile=5000:9000', ...limits]);
  const { code, stdout, stderr } = await run(line, process);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return { stdout, nofile: prlimit(process.pid, 'nofile'), core: prlimit(process.pid, 'core') };
}
