// Writes the manual page from the command line that was built. A test says when this is to be run again.
import { writeFileSync } from 'node:fs';
import { manual } from '../dist/cli/manual.mjs';
import { program } from '../dist/cli/program.mjs';
import { FIELDS } from '../dist/index.js';

writeFileSync(new URL('psutil-extra.1', import.meta.url), manual(program(), FIELDS));
