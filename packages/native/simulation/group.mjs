import { spawn } from 'node:child_process';

/**
 * Runs a program and everything that it starts. Resolves to its exit code and its output. When it has ended, or after so many
 * milliseconds, all remaining processes are ended: a fork in an endless loop would outlive it.
 */
export async function runGroup(program, args, options, timeout) {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (output += data));
  // Remaining processes keep the pipes open, so the exit of the program is awaited.
  const closed = new Promise((resolve) => child.on('close', resolve));
  const exited = new Promise((resolve, reject) => child.on('error', reject).on('exit', resolve));
  const timer = setTimeout(() => endGroup(child), timeout);
  const code = await exited.finally(() => clearTimeout(timer));
  endGroup(child);
  await closed;
  return { code, output };
}

function endGroup({ pid }) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
