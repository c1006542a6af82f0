import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { compile } from './compile.js';
import { Conversation } from './conversation.js';

/** Runs `work` with every thread of this program on the first of its processors; not at all without taskset(1). */
export async function onOneProcessor(work: () => Promise<void>): Promise<void> {
  const allowed = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  const [first = '0'] = allowed.split(/[-,]/);
  if (!allow(first)) return;
  try {
    await work();
  } finally {
    allow(allowed);
  }
}

function allow(processors: string): boolean {
  try {
    execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', processors, String(process.pid)], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

/** Runs while no processor goes to sleep: see native/awake.c. */
export async function whileAwake(work: () => Promise<void>): Promise<void> {
  await using spinners = new Conversation(compile('awake'));
  await spinners.answer();
  await work();
}
