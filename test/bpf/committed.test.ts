import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('the committed programs are made of their sources', () => {
  const generate = fileURLToPath(new URL('../../packages/native/src/platform/linux/bpf/generate.mjs', import.meta.url));
  expect(execFileSync(process.execPath, [generate, '--check'], { encoding: 'utf8' })).toMatch(
    /^program\.h of tasks\.bpf\.c is .*\nprogram\.h of events\.bpf\.c is /,
  );
});
