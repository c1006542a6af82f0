// Makes program.h from tasks.bpf.c: `node generate.mjs`. Needs clang, and bpftool (which needs no privilege for
// it). `node generate.mjs --check` writes nothing and tells whether program.h is of these sources, and where
// the tools are the same that made it, whether they make the same.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const SOURCES = ['record.h', 'tasks.bpf.c'];
const MADE = join(FOLDER, 'program.h');
// v3: 32-bit jumps, which every kernel has that can place the members itself. Paths stay out of the object.
const FLAGS = ['-g', '-O2', '-target', 'bpfel', '-mcpu=v3', '-Wall', '-Wextra', '-Werror', '-fdebug-compilation-dir=.'];

if (process.argv[2] === '--check') check();
else writeFileSync(MADE, generate());

function check() {
  const made = readFileSync(MADE, 'utf8');
  if (!made.includes(fingerprint())) fail('program.h is older than its sources');
  const tools = versions();
  if (tools === undefined) return say('of these sources; the tools to make it anew are not here');
  if (!made.includes(tools)) return say(`of these sources; it was made by other tools than ${tools}`);
  if (generate() !== made) fail('program.h is not what its sources make');
  say('what its sources make');
}

function generate() {
  const tools = versions();
  if (tools === undefined) fail('clang and bpftool are needed to make program.h');
  const directory = mkdtempSync(join(tmpdir(), 'bpf-'));
  try {
    const object = join(directory, 'tasks.o');
    execFileSync('clang', [...FLAGS, '-c', 'tasks.bpf.c', '-o', object], { cwd: FOLDER, stdio: 'inherit' });
    const options = { encoding: 'utf8', maxBuffer: 1 << 26 };
    return header(execFileSync('bpftool', ['gen', 'skeleton', '-L', object], options), tools);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** A light skeleton holds a program that makes the maps and loads the other program, and that program's data. */
function header(skeleton, tools) {
  const maps = [...skeleton.matchAll(/struct bpf_map_desc (\w+);/g)].map(([, name]) => name);
  const programs = [...skeleton.matchAll(/struct bpf_prog_desc (\w+);/g)].map(([, name]) => name);
  // The loader answers in a block that is laid out by them: program_loader.h has it for these.
  if (String(maps) !== 'bss' || String(programs) !== 'tasks')
    fail(`program_loader.h knows no ${String([maps, programs])}`);
  return `// Made by generate.mjs from ${SOURCES.join(' and ')}; do not edit.
// Tools: ${tools}
// Sources: ${fingerprint()}
#pragma once

#include <cstdint>

namespace psutil {

// What loads the program, itself a BPF program.
alignas(8) constexpr uint8_t kLoaderInstructions[] = {
${literal(bytesOf(skeleton, 'opts.insns'))}
};

// What it reads: the program, and which members of the kernel's own types it means.
alignas(8) constexpr uint8_t kLoaderData[] = {
${literal(bytesOf(skeleton, 'opts.data'))}
};

}  // namespace psutil
`;
}

function bytesOf(skeleton, name) {
  const [, size] = skeleton.match(new RegExp(`${name}_sz = (\\d+);`));
  const [, text] = skeleton.match(new RegExp(`${name} = \\(void \\*\\)"\\\\\\n([^"]*)";`));
  const bytes = [...text.replace(/\\\n/g, '').matchAll(/\\x([0-9a-f]{2})|\\(0)/g)].map(([, hex]) => hex ?? '0');
  if (bytes.length !== Number(size)) fail(`${name} has ${bytes.length} bytes, not ${size}`);
  return bytes.map((hex) => Number.parseInt(hex, 16));
}

function literal(bytes) {
  const lines = [];
  for (let at = 0; at < bytes.length; at += 64) lines.push(`    ${bytes.slice(at, at + 64).join(',')},`);
  return lines.join('\n');
}

function fingerprint() {
  const hash = createHash('sha256');
  for (const source of SOURCES) hash.update(readFileSync(join(FOLDER, source)));
  return hash.digest('hex');
}

/** "clang 14.0.6, bpftool v7.1.0", or nothing where one is not here. */
function versions() {
  try {
    const [, clang] = execFileSync('clang', ['--version'], { encoding: 'utf8' }).match(/clang version (\S+)/);
    const [, bpftool] = execFileSync('bpftool', ['version'], { encoding: 'utf8' }).match(/bpftool (\S+)/);
    return `clang ${clang}, bpftool ${bpftool}`;
  } catch {
    return undefined;
  }
}

function say(text) {
  console.log(`program.h is ${text}`);
}

function fail(text) {
  console.error(text);
  process.exit(1);
}
