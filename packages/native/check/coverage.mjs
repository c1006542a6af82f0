// The counts of gcov, a row for each source file: https://gcc.gnu.org/onlinedocs/gcc/Invoking-Gcov.html (JSON).
import { execFile } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SOURCES = fileURLToPath(new URL('../src/', import.meta.url));

/** Removes the counts of earlier runs, which gcc would add to, or refuse where the source has changed. */
export async function forgetRuns(folder) {
  await Promise.all((await countsIn(folder)).map((file) => rm(`${folder}/${file}`)));
}

/** Maps a path beneath `src` to the number of lines with code, and to the lines that no test ran. */
export async function coverageOf(folder) {
  const command = [process.env.GCOV ?? 'gcov', ['--json-format', '--stdout', ...(await countsIn(folder))]];
  const { stdout } = await promisify(execFile)(...command, { cwd: folder, maxBuffer: 1 << 28 });
  const files = new Map();
  // A line of a header is in many objects, and of a template in many copies. It has run if any of them has.
  for (const json of stdout.split('\n').filter(Boolean)) {
    const report = JSON.parse(json);
    for (const { file, lines } of report.files) {
      const path = resolve(report.current_working_directory, file);
      if (!path.startsWith(SOURCES)) continue;
      const name = path.slice(SOURCES.length);
      const runs = files.get(name) ?? new Map();
      files.set(name, runs);
      for (const { line_number: line, count } of lines) runs.set(line, (runs.get(line) ?? 0) + count);
    }
  }
  return new Map([...files].map(([name, runs]) => [name, summary(runs)]));
}

async function countsIn(folder) {
  const files = await readdir(folder, { recursive: true }).catch(() => []);
  return files.filter((file) => file.endsWith('.gcda'));
}

function summary(runs) {
  const missed = [...runs].filter(([, count]) => count === 0).map(([line]) => line);
  return { lines: runs.size, missed: missed.sort((a, b) => a - b) };
}
