import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** A process to look at, which ends with the block that holds it. */
export interface Child extends AsyncDisposable {
  readonly pid: number;
}

/** A shell that has run this and waits. */
export function shell(script: string): Promise<Child> {
  return ready(spawn('sh', ['-c', `${script}\necho ready; read line`], { stdio: ['pipe', 'pipe', 'inherit'] }));
}

/** A process of this name, as far as the system keeps it: 15 bytes on Linux. */
export function named(name: string): Promise<Child> {
  const script = `process.title = ${JSON.stringify(name)}; process.stdin.resume(); console.log('ready')`;
  return ready(spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] }));
}

/** A process with a child that has ended and that it does not wait for. */
export async function withZombie(): Promise<Child> {
  // A shell may wait for its children at any time, cat never does: the child ends when cat has shown itself.
  const script = '(read line <&3) & exec cat';
  const parent = spawn('sh', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit', 'pipe'] });
  parent.stdin?.write('ready');
  const child = await ready(parent);
  (parent.stdio[3] as Writable).end('\n');
  return child;
}

async function ready(child: ChildProcess): Promise<Child> {
  const ended = once(child, 'exit');
  await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
  return {
    pid: child.pid as number,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
