import type { Allowed } from './allowed.js';
import type { Binary, Import } from './binary.js';

/** The compiler's own libraries: a prebuilt binary has `release/native/runtime.cc` in their place. */
const RUNTIME_LIBRARY = /^lib(stdc\+\+|gcc_s|c\+\+|c\+\+abi)\.so\.\d+$/;
/** What comes out of them, or is put into any shared object by the compiler and its start files. */
const RUNTIME_VERSION = /^(GLIBCXX|CXXABI|GCC)_/;
const RUNTIME_NAME = /^(_Z|__cxa_|__gxx_|_Unwind_|_ITM_|__gmon_start__$|__stack_chk_fail$|_GLOBAL_OFFSET_TABLE_$)/;

/** What a local static takes that is made at its first use, and `release/native/runtime.cc` does not have. */
const GUARD_NAME = /^__cxa_guard_/;

/**
 * The addon that node-gyp made on this Linux, as if it had been built to be shipped: without what a C++ library gives,
 * and with the names and versions that the oldest system has. What is left can be held against a target's list as
 * soon as the addon is compiled, with no other compiler.
 */
export function asShipped(built: Binary, allowed: Allowed): Binary {
  return {
    ...built,
    libraries: built.libraries.filter((name) => !RUNTIME_LIBRARY.test(name)).map(muslAsShipped),
    imports: built.imports.filter(isOfTheSystem).map((each) => importAsShipped(each, allowed)),
    // Functions of C++ headers: a prebuilt binary's list of exports leaves them out.
    exports: built.exports.filter((name) => !RUNTIME_NAME.test(name)),
  };
}

function isOfTheSystem({ name, version }: Import): boolean {
  if (GUARD_NAME.test(name)) return true;
  return !RUNTIME_NAME.test(name) && !(version !== undefined && RUNTIME_VERSION.test(version));
}

/** Alpine puts the processor into the name of musl. */
function muslAsShipped(library: string): string {
  return /^libc\.musl-\w+\.so\.1$/.test(library) ? 'libc.so' : library;
}

/**
 * A newer C library has a function by another name or version in places: by what it checks (`__read_chk`, `__open_2`),
 * by the width of an offset, which is the same here (`open64`), by the C standard (`__isoc23_sscanf`), and by having
 * taken it over from another library.
 */
function importAsShipped({ name, version }: Import, { imports, moved }: Allowed): Import {
  if (GUARD_NAME.test(name)) return { name };
  const older = [
    name,
    name.replace(/^__(\w+)_chk$/, '$1'),
    name.replace(/^__(\w+)_2$/, '$1'),
    name.replace(/64$/, ''),
    name.replace(/^__(\w+?)64(_2|_chk)$/, '$1'),
    name.replace(/^__isoc23_/, '__isoc99_'),
    name.replace(/^__isoc(23|99)_/, ''),
  ].find((each) => imports.has(each));
  if (older === undefined || (older === name && !moved.has(name)))
    return version === undefined ? { name } : { name, version };
  return { name: older };
}
