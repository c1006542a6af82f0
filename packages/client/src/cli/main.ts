#!/usr/bin/env node
import { Exit } from './exit.js';
import { run } from './program.js';

// Whoever has seen enough goes: that is no error. What else a stream fails with is the command's failure, also where
// commander was writing its help.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') process.exitCode = Exit.failed;
  });
}

const code = await run(process.argv.slice(2));
// Set, not exited with: what is still on its way to a pipe gets there.
process.exitCode ||= code;
