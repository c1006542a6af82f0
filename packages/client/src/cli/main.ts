#!/usr/bin/env node

// The package is CommonJS, and the command consists of ES modules, because its dependencies do.
async function main(): Promise<void> {
  const [{ run }, { Exit }] = await Promise.all([import('./program.mjs'), import('./exit.mjs')]);
  // A reader may close the pipe early: that is no error. Any other error of a stream is the command's failure, also while
  // commander writes its help.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (code !== 'EPIPE') process.exitCode = Exit.failed;
    });
  }
  const code = await run(process.argv.slice(2));
  // Set, without process.exit(): output that is still being written to a pipe gets there.
  process.exitCode ||= code;
}

void main();
