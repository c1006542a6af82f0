import type { Addition } from './addition.js';

/** A list of texts from a file of its own. */
export const list: Addition = {
  field: 'cgroupLines',
  files: {
    // 1. The row of the schema.
    'packages/native/schema/fields.mjs': {
      before: '];\n',
      put: `\
  {
    name: 'cgroupLines',
    type: list(text),
    cost: 'cheap',
    doc: 'Its control groups, a line for each hierarchy: cgroups(7).',
    readme: '\`string[]\`: lines such as \`0::/user.slice\`',
    linux: { sources: ['cgroup'], doc: '\`cgroup\`' },
  },
`,
    },
    // 2. The row of the source.
    'packages/native/schema/linux-sources.mjs': {
      before: "  { name: 'prlimit64'",
      put: "  { name: 'cgroup', kind: 'file', cost: 7000 },\n",
    },
    // 3. The module of the source.
    'packages/native/src/platform/linux/sources/cgroup.cc': `\
#include "platform/linux/open_process.h"

namespace psutil {

Failure put_cgroup(OpenProcess& row, std::string_view text) {
  PackedValue lines(row.scratch.packed);
  for (size_t end; (end = text.find('\\n')) != std::string_view::npos; text.remove_prefix(end + 1)) {
    lines.text(text.substr(0, end));
  }
  return row.put(Field::cgroupLines, lines);
}

}  // namespace psutil
`,
    // 4. What Linux promises.
    'test/systems/linux/promised.ts': { behind: "'startTime', 'rlimits'", put: ", 'cgroupLines'" },
    // 5. A test of the field.
    'test/contract/cgroup-lines.test.ts': `\
import { readFileSync } from 'node:fs';
import { createClient } from 'psutil-extra';
import { expect, test } from 'vitest';

test('the lines of control groups are those of the file', async () => {
  await using client = createClient({ threads: 1 });
  const lines = readFileSync('/proc/self/cgroup', 'utf8').split('\\n').slice(0, -1);
  expect(lines.length).toBeGreaterThan(0);
  expect(await client.cgroupLines(process.pid)).toEqual(lines);
});
`,
  },
};
