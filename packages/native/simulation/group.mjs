import { spawn } from 'node:child_process';

/**
 * Runs a program with all that it starts, and resolves to its code and what was printed. After so many milliseconds,
 * and where it has ended, what is left is ended: a fork in an endless loop would outlive it.
 */
export async function runGroup(program, args, options, timeout) {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (output += data));
  // What is left holds the ends of the pipes, so the exit of the program counts.
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
