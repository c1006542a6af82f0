import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import { COMMAND, outcomeOf, psutilExtra } from '../cli-command.js';
import { noEvents } from '../events/sources.js';
import { lacking } from '../processes/abilities.js';
import { commOf } from '../processes/proc.js';
import { Spawned } from '../processes/spawned.js';
import { until } from '../processes/until.js';

const timers: NodeJS.Timeout[] = [];
afterAll(() => timers.forEach(clearInterval));

/** The lines of `psutil-extra events` about processes that a shell makes, up to the first that `last` accepts. */
async function linesUntil(args: readonly string[], last: (line: string) => boolean): Promise<string[]> {
  const child = spawn(process.execPath, [COMMAND, 'events', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const maker = setInterval(() => spawn('/bin/sh', ['-c', '/bin/true; exit 6']), 100);
  timers.push(maker);
  const lines: string[] = [];
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (last(line)) return lines;
    }
    throw new Error(`it ended after ${lines.length} lines`);
  } finally {
    clearInterval(maker);
    // The reader closes the pipe, as `head` does.
    child.stdout.destroy();
    child.kill();
  }
}

describe('psutil-extra events', () => {
  it('prints an event a line, with the name of the process', async ({ skip }) => {
    skip(...noEvents);
    const lines = await linesUntil([], (line) => / exit {2}.* sh .*code 6$/.test(line));
    const printed = lines.filter((line) => !/^ +lost {2}\d+ events?$/.test(line));
    for (const line of printed) expect(line).toMatch(/^\d\d:\d\d:\d\d\.\d{3} {2}(?:fork|exec|exit) {2} *\d+ {2}\S/);
  });

  it('prints JSON lines with --ndjson, and only the processes that --name matches', async ({ skip }) => {
    skip(...noEvents);
    const lines = await linesUntil(['--ndjson', '--name', '^sh$'], (line) => line.includes('"code":6'));
    const events = lines.map((line) => JSON.parse(line) as { kind: string; name: string });
    expect(new Set(events.map(({ name }) => name))).toEqual(new Set(['sh']));
    expect(events.at(-1)).toEqual({
      kind: 'exit',
      pid: expect.any(Number),
      name: 'sh',
      code: 6,
      signal: null,
      time: expect.any(Number),
    });
  });

  it('calls a Node.js program by its executable, also one that is called MainThread and began before', async ({
    skip,
  }) => {
    skip(...noEvents);
    // As Node.js 24 and later do it by themselves.
    const renamed = "require('fs').writeFileSync('/proc/self/comm', 'MainThread'); setInterval(() => {}, 1e6)";
    using server = new Spawned([process.execPath, '-e', renamed], { stdio: 'ignore' });
    await until('it has that name', () => commOf(server.pid) === 'MainThread');
    const lines = await linesUntil(['--name', '^(sh|node)$'], (line) => {
      // The names have been read.
      server.child.kill();
      return / exit /.test(line) && line.includes(` ${server.pid} `);
    });
    expect(lines.at(-1)).toMatch(new RegExp(` exit +${server.pid} +node +SIGTERM$`));
  });

  it('ends when the reader closes the pipe, though it has nothing to print', async ({ skip }) => {
    skip(...noEvents);
    const command = `{ '${process.execPath}' '${COMMAND}' events --name '^no such name$' | true; echo "\${PIPESTATUS[*]}"; }`;
    expect(await outcomeOf('bash', ['-c', command])).toEqual({ code: 0, stdout: '0 0\n', stderr: '' });
  });

  it('names its option where the kernel reports nothing', async ({ skip }) => {
    skip(...lacking.root);
    skip(...lacking.namespaces);
    // The process connector is silent there, and BPF needs capabilities.
    const wrapper = ['--pid', '--fork', '--mount-proc', 'setpriv', '--bounding-set=-all', '--inh-caps=-all'];
    const outcome = await outcomeOf('unshare', [...wrapper, process.execPath, COMMAND, 'events']);
    expect(outcome).toMatchObject({ code: 4, stdout: '' });
    expect(outcome.stderr).toMatch(/; with --poll SECONDS listings are compared instead\n$/);
  });

  it.each([
    [['--name', '('], /regular expression/],
    [['--poll', '0'], /seconds/],
    [['--json'], /unknown option/],
    [['1'], /too many arguments/],
  ])('refuses %j', async (args, message) => {
    const { code, stderr, stdout } = await psutilExtra(['events', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});
