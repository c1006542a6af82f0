// The definition of every field: its one row. `npm run generate` makes of it the C++ table, the TypeScript tables and
// types, and the tables of the documents. The order is a field's position in sets and frames: of a package they are compared with those of the addon.
//
//   name      the method, the column of a scan, the key of a snapshot
//   type      how it is stored and sent, see types.mjs
//   view      the client's value, if that is not the value of the type
//   format    how the command writes it, if the type does not decide that: 'mode' is octal
//   cost      'cheap' (one small file or system call), 'expensive', or 'may block' (waits for another process's lock)
//   nullable  whether null is a value: the process has none
//   value     the TypeScript type, and `column` that of its column, if the type does not decide them
//   doc       its documentation, with units; `columnDoc` of its column, `readme` in the README's table
//   linux     `sources`: those that have it, see linux-sources.mjs; `ptrace`: whether it takes CAP_SYS_PTRACE to read it of
//             another user's process; `doc`: where Linux has it, for the README's table
import { basic } from './fields/basic.mjs';
import { files } from './fields/files.mjs';
import { program } from './fields/program.mjs';
import { scheduling } from './fields/scheduling.mjs';
import { security } from './fields/security.mjs';
import { usage } from './fields/usage.mjs';

export const fields = [...basic, ...program, ...usage, ...files, ...scheduling, ...security];
