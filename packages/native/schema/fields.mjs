// The definition of every field: its one row. `npm run generate` makes of it the C++ table, the TypeScript tables and
// types, and the tables of the documents. The order is a field's position in sets and frames: of a package they are compared with those of the addon.
//
//   name      the method, the column of a scan, the key of a snapshot
//   type      how it is stored and sent, see types.mjs
//   view      what the client makes of it where that is not the type's own value
//   format    'mode' (octal), how the command writes it where the type does not say it
//   cost      'free' (any read brings it), 'cheap', 'expensive', or 'may block' (behind another process's lock)
//   nullable  whether null is a value: the process has none
//   value     the TypeScript type, and `column` that of its column, where the type does not say it
//   doc       its documentation, with units; `columnDoc` of its column, `readme` in the README's table
//   linux     `sources` has it, see linux-sources.mjs; `ptrace` says that reading it of another user's process takes
//             CAP_SYS_PTRACE; `doc` says where it stands there, in the README's table
import { basic } from './fields/basic.mjs';
import { files } from './fields/files.mjs';
import { program } from './fields/program.mjs';
import { scheduling } from './fields/scheduling.mjs';
import { security } from './fields/security.mjs';
import { usage } from './fields/usage.mjs';

export const fields = [...basic, ...program, ...usage, ...files, ...scheduling, ...security];
