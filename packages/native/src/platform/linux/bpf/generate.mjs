// Makes the program.h beside each BPF program: `node generate.mjs`. Needs clang, and bpftool (which needs no privilege for it).
// `node generate.mjs --check` writes nothing and says whether each program.h is of its sources, and where the tools are the same
// that made it, whether they make the same.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// v3: 32-bit jumps, which every kernel has that can place the members itself. Paths stay out of the object.
const WARNINGS = ['-Wall', '-Wextra', '-Wno-unused-parameter', '-Wno-unused-const-variable', '-Werror'];
const FLAGS = ['-g', '-O2', '-target', 'bpfel', '-mcpu=v3', ...WARNINGS, '-fdebug-compilation-dir=.'];

const TASKS = {
  folder: fileURLToPath(new URL('.', import.meta.url)),
  source: 'tasks.bpf.c',
  sources: ['kernel', 'load', 'prefetch', 'usage', 'usage_kernel']
    .map((name) => `${name}.bpf.h`)
    .concat('record.h', 'tasks.bpf.c'),
};
const EVENTS = {
  folder: fileURLToPath(new URL('../events/', import.meta.url)),
  source: 'events.bpf.c',
  sources: ['event_record.h', 'events.bpf.c'],
};

/**
 * The programs: names in C++, what they are compiled of and with, and their maps and programs, in the order in which the loader
 * answers with them. The C++ that loads one has a structure for these.
 */
const PROGRAMS = [
  { name: 'Tasks', of: TASKS, flags: [], loads: 'bss tasks' },
  { name: 'Usage', of: TASKS, flags: ['-DWITH_USAGE'], loads: 'processors bss tasks' },
  { name: 'Events', of: EVENTS, flags: [], loads: 'ring bss on_fork on_exec on_exit on_rename' },
];

for (const of of new Set(PROGRAMS.map((program) => program.of))) {
  if (process.argv[2] === '--check') check(of);
  else writeFileSync(join(of.folder, 'program.h'), generate(of));
}

function check(of) {
  const made = readFileSync(join(of.folder, 'program.h'), 'utf8');
  const named = `program.h of ${of.source}`;
  if (!made.includes(fingerprint(of))) fail(`${named} is older than its sources`);
  const tools = versions();
  if (tools === undefined) return console.log(`${named} is of these sources; the tools to make it anew are not here`);
  if (!made.includes(tools))
    return console.log(`${named} is of these sources; it was made by other tools than ${tools}`);
  if (generate(of) !== made) fail(`${named} is not what its sources make`);
  console.log(`${named} is what its sources make`);
}

function generate(of) {
  const tools = versions();
  if (tools === undefined) fail('clang and bpftool are needed to make program.h');
  const directory = mkdtempSync(join(tmpdir(), 'bpf-'));
  try {
    const programs = PROGRAMS.filter((program) => program.of === of);
    return header(
      of,
      programs.map((program) =>
        arrays(program, skeletonOf(program, join(directory, of.source.replace('.bpf.c', '.o')))),
      ),
      tools,
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function skeletonOf({ of: { folder, source }, flags }, object) {
  // The compiler copies the lines of files into the object, but not those of its input.
  const text = execFileSync('clang', [...FLAGS, ...flags, '-E', '-P', source], { cwd: folder });
  const how = { cwd: folder, input: text, stdio: ['pipe', 'inherit', 'inherit'] };
  execFileSync('clang', [...FLAGS, ...flags, '-x', 'c', '-c', '-', '-o', object], how);
  writeFileSync(object, withoutLines(readFileSync(object)));
  const options = { encoding: 'utf8', maxBuffer: 1 << 26, stdio: 'pipe' };
  return execFileSync('bpftool', ['gen', 'skeleton', '-L', object], options);
}

/** Of the numbers of lines, which are half of an object and only of use to those who change it, the length becomes 0. */
function withoutLines(object) {
  const head = Buffer.from([0x9f, 0xeb, 1, 0, 32, 0, 0, 0]); // struct btf_ext_header, include/linux/btf.h of libbpf
  const at = object.indexOf(head);
  if (at < 0) fail('the object has no .BTF.ext');
  object.writeUInt32LE(0, at + 20);
  return object;
}

function header(of, programs, tools) {
  return `// Made by generate.mjs from ${of.sources.slice(0, -1).join(', ')} and ${of.sources.at(-1)}; do not edit.
// Tools: ${tools}
// Sources: ${fingerprint(of)}
#pragma once

#include "platform/linux/bpf/packed_bytes.h"

namespace psutil {

${programs.join('\n')}
}  // namespace psutil
`;
}

/** A light skeleton holds a program that makes the maps and loads the other program, and that program's data. */
function arrays({ name, of, loads: known }, skeleton) {
  const maps = [...skeleton.matchAll(/struct bpf_map_desc (\w+);/g)].map(([, map]) => map);
  const programs = [...skeleton.matchAll(/struct bpf_prog_desc (\w+);/g)].map(([, program]) => program);
  // The loader answers in a block that is laid out by them.
  const loads = [...maps, ...programs].join(' ');
  if (loads !== known) fail(`the C++ that loads ${name} of ${of.source} knows ${known}, and not ${loads}`);
  return `\
// What loads the program, itself a BPF program.
${packed(`k${name}LoaderInstructions`, bytesOf(skeleton, 'opts.insns'))}
// What it reads: the program, and which members of the kernel's own types it means.
${packed(`k${name}LoaderData`, bytesOf(skeleton, 'opts.data'))}`;
}

/** As packed_bytes.h reads them. */
function packed(name, bytes) {
  const out = [];
  for (let at = 0; at < bytes.length; ) {
    const from = at;
    // A zero alone is shorter among the others.
    while (at < bytes.length && at - from < 255 && (bytes[at] !== 0 || (bytes[at + 1] ?? 0) !== 0)) at++;
    out.push(at - from, ...bytes.slice(from, at));
    const zeros = at;
    while (at < bytes.length && at - zeros < 255 && bytes[at] === 0) at++;
    out.push(at - zeros);
  }
  return `\
constexpr uint8_t ${name}Packed[] = {
${literal(out)}
};
constexpr PackedBytes ${name} = {${name}Packed, sizeof ${name}Packed, ${bytes.length}};
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

function fingerprint({ folder, sources }) {
  const hash = createHash('sha256');
  for (const source of sources) hash.update(readFileSync(join(folder, source)));
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

function fail(text) {
  console.error(text);
  process.exit(1);
}
