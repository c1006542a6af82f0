// The lines of a backend that its tests ran, as clang counts them: https://clang.llvm.org/docs/SourceBasedCodeCoverage.html.
import { execFile } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { PACKAGE } from './systems.mjs';

const run = promisify(execFile);
const LEAST_COVERED = 95;

/** Removes the counts of earlier runs. */
export async function forgetRuns(folder) {
  await Promise.all((await profilesIn(folder)).map((file) => rm(file)));
}

/** For each of the backend's sources, the lines that no test ran. Also whether they are few enough in all. */
export async function coverageOf(system, toolchain, addon, folder) {
  const merged = `${folder}/merged.profdata`;
  const profiles = await profilesIn(folder);
  if (profiles.length === 0) throw new Error(`${system.name}: no test has counted a line`);
  await run(toolchain.profdata, ['merge', '-sparse', ...profiles, '-o', merged]);
  const files = (await withHeaders(system.sources.backend)).map((source) => `${PACKAGE}${source}`);
  const exported = ['export', '-format=lcov', `-instr-profile=${merged}`, addon, ...files];
  const { stdout } = await run(toolchain.cov, exported, { maxBuffer: 1 << 28 });
  const rows = stdout.split('end_of_record').flatMap((record) => {
    const file = /SF:(.*)/.exec(record)?.[1];
    if (file === undefined) return [];
    const lines = [...record.matchAll(/^DA:(\d+),(\d+)/gm)];
    const missed = lines.filter(([, , count]) => count === '0').map(([, line]) => Number(line));
    return [{ file: file.slice(PACKAGE.length), lines: lines.length, missed }];
  });
  const lines = rows.reduce((sum, row) => sum + row.lines, 0);
  const missed = rows.reduce((sum, row) => sum + row.missed.length, 0);
  const percent = (100 * (lines - missed)) / Math.max(lines, 1);
  return { rows, percent, enough: percent >= LEAST_COVERED };
}

/** The headers beside the sources have code too, mostly templates. */
async function withHeaders(sources) {
  const folders = [...new Set(sources.map((source) => dirname(source)))];
  const headers = await Promise.all(
    folders.map(async (folder) => (await readdir(`${PACKAGE}${folder}`)).map((file) => `${folder}/${file}`)),
  );
  return [...sources, ...headers.flat().filter((file) => file.endsWith('.h'))];
}

async function profilesIn(folder) {
  const files = await readdir(folder).catch(() => []);
  return files.filter((file) => file.endsWith('.profraw')).map((file) => `${folder}/${file}`);
}
