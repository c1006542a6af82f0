#!/usr/bin/env node
import { run } from './program.js';

// Set, not exited with: what is still on its way to a pipe gets there.
process.exitCode = await run(process.argv.slice(2));
