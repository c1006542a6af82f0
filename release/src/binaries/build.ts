import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { eachOf, run } from '../program.js';
import { ADDON_FILE, binaryOf, ROOT } from '../repository.js';
import { nodeApiFunctions, type Recipe } from './sources.js';
import type { Target } from './targets.js';

/** What Node looks for in an addon; everything else stays inside. */
export const EXPORTS = ['napi_register_module_v1', 'node_api_module_get_api_version_v1'] as const;

/**
 * Beyond the flags of `sources.gypi`: unused functions can be left out, `operator new` is not exported, and no
 * path of this machine stays inside.
 */
const COMPILE_FLAGS = [
  '-fPIC',
  '-ffunction-sections',
  '-fdata-sections',
  '-fvisibility-global-new-delete=force-hidden',
  `-ffile-prefix-map=${ROOT}=`,
];

/** Compiles and links a target's binary in its folder, after a link that fails if anything is missing. */
export async function build(zig: string, target: Target, recipe: Recipe, atOnce: number): Promise<void> {
  const binary = binaryOf(target);
  const folder = `${binary}.parts`;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const objects = await eachOf(recipe.sources, atOnce, async (source, index) => {
    const object = `${folder}/${index}-${basename(source)}.o`;
    await run(zig, ['c++', '-target', target.triple, '-c', ...recipe.flags, ...COMPILE_FLAGS, source, '-o', object]);
    return object;
  });
  await checkLink(zig, target, objects, folder);
  await run(zig, [...(await linkCommand(target, folder)), ...objects, '-o', binary]);
  await rm(folder, { recursive: true });
}

/**
 * An addon leaves Node's functions to be found when it is loaded, so a linker takes any function that exists
 * nowhere for one of them. Here they all exist, in a library of their names alone, and what else is missing is
 * an error. The result is not kept: it would ask for that library.
 */
async function checkLink(zig: string, target: Target, objects: readonly string[], folder: string): Promise<void> {
  const library = `${folder}/libnode_api.${target.os === 'darwin' ? 'dylib' : 'so'}`;
  const source = `${folder}/node_api.c`;
  await writeFile(
    source,
    nodeApiFunctions()
      .map((name) => `void ${name}(void) {}\n`)
      .join(''),
  );
  await run(zig, ['cc', '-target', target.triple, '-shared', source, '-o', library]);
  const strict = target.os === 'darwin' ? [] : ['-Wl,-z,defs'];
  const checked = `${folder}/checked`;
  await run(zig, ['cc', '-target', target.triple, '-shared', ...strict, ...objects, library, '-o', checked]);
}

/** Without libc++: `release/native/runtime.cc` has what is needed of it. */
async function linkCommand(target: Target, folder: string): Promise<readonly string[]> {
  if (target.os === 'darwin') {
    const list = `${folder}/exports.txt`;
    await writeFile(list, EXPORTS.map((name) => `_${name}\n`).join(''));
    const hidden = ['-dead_strip', '-x', `-exported_symbols_list,${list}`];
    // Without a name of its own, the path of this machine would be its name.
    const options = ['-undefined,dynamic_lookup', ...hidden, `-install_name,@rpath/${ADDON_FILE}`];
    return ['cc', '-target', target.triple, '-shared', ...options.map((option) => `-Wl,${option}`)];
  }
  const script = `${folder}/exports.map`;
  await writeFile(script, `{ global: ${EXPORTS.join('; ')}; local: *; };\n`);
  const options = ['--gc-sections', '--as-needed', '-z,relro', '-z,now', `--version-script,${script}`, '-s'];
  if (target.os === 'openbsd') {
    // The name of OpenBSD's libc has a number that each release changes, and its own linker notes no libc in a
    // shared object: the program that loads it has one.
    return ['ld.lld', '--shared', '--eh-frame-hdr', '--hash-style=both', ...options.flatMap((each) => each.split(','))];
  }
  return ['cc', '-target', target.triple, '-shared', ...options.map((option) => `-Wl,${option}`)];
}
