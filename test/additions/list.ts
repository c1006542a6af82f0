import type { Addition } from './addition.js';

/** A list of texts from a file of its own. */
export const list: Addition = {
  field: 'dumpFilter',
  files: {
    // 1. The row of the schema.
    'packages/native/schema/fields/basic.mjs': {
      before: '];\n',
      put: `\
  {
    name: 'dumpFilter',
    type: list(text),
    cost: 'cheap',
    doc: 'Which of its mappings a core file has, as bits: core(5).',
    readme: '\`string[]\`: lines such as \`00000033\`',
    linux: { sources: ['coredump_filter'], doc: '\`coredump_filter\`' },
  },
`,
    },
    // 2. The row of the source.
    'packages/native/schema/linux-sources.mjs': {
      before: "  { name: 'prlimit64'",
      put: "  { name: 'coredump_filter', kind: 'file', cost: 7000 },\n",
    },
    // 3. The module of the source.
    'packages/native/src/platform/linux/sources/coredump_filter.cc': `\
#include "platform/linux/open_process.h"

namespace psutil {

Failure put_coredump_filter(OpenProcess& row, std::string_view text) {
  PackedValue lines(row.scratch.packed);
  for (size_t end; (end = text.find('\\n')) != std::string_view::npos; text.remove_prefix(end + 1)) {
    lines.text(text.substr(0, end));
  }
  return row.put(Field::dumpFilter, lines);
}

}  // namespace psutil
`,
    // 4. What Linux promises.
    'test/systems/linux/promised.ts': { behind: "'startTime', 'rlimits'", put: ", 'dumpFilter'" },
    // 5. A test of the field.
    'test/contract/dump-filter.test.ts': `\
import { readFileSync } from 'node:fs';
import { createClient } from 'psutil-extra';
import { expect, test } from 'vitest';

test('the lines of the filter are those of the file', async () => {
  await using client = createClient({ threads: 1 });
  const lines = readFileSync('/proc/self/coredump_filter', 'utf8').split('\\n').slice(0, -1);
  expect(lines.length).toBeGreaterThan(0);
  expect(await client.dumpFilter(process.pid)).toEqual(lines);
});
`,
  },
};
