import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EmptyFolder, registryHere } from './empty-folder.js';
import { type Shelf, shelf } from './shelf.js';

/** The oldest that knows all that the declarations use, the last of each major, and the newest. */
const COMPILERS = ['5.4.5', '5.9.3', '6.0.3', '7.0.2'] as const;

let packed: Shelf;
let folder: EmptyFolder;

beforeAll(async () => {
  packed = await shelf(await registryHere());
  folder = await EmptyFolder.make(packed.url);
  const compilers = COMPILERS.map((version) => `ts-${version}@npm:typescript@${version}`);
  const install = await folder.shell(
    `npm init -y\nnpm install psutil-extra @types/node@20.19.43 ${compilers.join(' ')}`,
  );
  expect(install).toEqual({ ...install, code: 0 });
  for (const file of ['use.mts', 'use.cts', 'use.ts']) await folder.write(file, USE);
}, 240_000);

afterAll(async () => {
  await folder[Symbol.asyncDispose]();
  await packed[Symbol.asyncDispose]();
});

describe.each(COMPILERS)('TypeScript %s, which looks into declarations too,', (version) => {
  it.each([
    { module: 'node16', moduleResolution: 'node16', files: ['use.mts', 'use.cts', 'use.ts'] },
    { module: 'nodenext', moduleResolution: 'nodenext', files: ['use.mts', 'use.cts', 'use.ts'] },
    { module: 'esnext', moduleResolution: 'bundler', files: ['use.mts', 'use.ts'] },
    // TypeScript 7 has it no more.
    ...(version.startsWith('7') ? [] : [{ module: 'commonjs', moduleResolution: 'node10', files: ['use.ts'] }]),
  ])(
    'has nothing to say of $files as $module, resolved by $moduleResolution',
    async ({ files, ...options }) => {
      const compilerOptions = {
        ...options,
        // Explicit resource management is a later year's.
        target: 'es2022',
        lib: ['es2022'],
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        noEmit: true,
        types: ['node'],
        ...(version.startsWith('6') && options.moduleResolution === 'node10' ? { ignoreDeprecations: '6.0' } : {}),
      };
      await folder.write('tsconfig.json', JSON.stringify({ compilerOptions, files }));
      const tsc = `node node_modules/ts-${version}/bin/tsc -p .`;
      expect(await folder.shell(tsc)).toEqual({ code: 0, stdout: '', stderr: '' });
    },
    60_000,
  );
});

const USE = `
import {
  type CallOptions, type Client, createClient, type Limits, NoSuchProcessError, type Oneshot, Process, type ProcessTable,
  type Snapshot, type State, type Stats,
} from 'psutil-extra';
import { createRemoteClient, createResponder, decodeScan, encodeScan, type HostDescription } from 'psutil-extra/remote';

async function use(client: Client, options?: CallOptions): Promise<void> {
  const umask: number = await client.umask(process.pid, options);
  const limits: Limits = await client.getrlimit(1, 'RLIMIT_NOFILE');
  const table: ProcessTable<'umask'> = await client.scan({ fields: ['umask'] });
  // @ts-expect-error: a row has the fields that were asked for, and no others
  for (const row of table) row.groups;
  // @ts-expect-error: that is no signal
  void client.umask(1, { signal: 5 });
  const state: State = await client.state(1);
  // @ts-expect-error: no process is in such a state
  state === 'asleep';
  const snapshot: Snapshot<'name'> = await client.snapshot(1, { fields: ['name'] });
  const stats: Stats = client.stats();
  await using another = createClient({ threads: 1 });
  await using oneshot: Oneshot = await another.oneshot(1);
  const { description, handle } = createResponder(another, { allow: ['cmdline'], redact: [/x/] });
  const copy: HostDescription = JSON.parse(JSON.stringify(description));
  const remote: Client = createRemoteClient({ description: copy, request: (message, { signal }) => handle(message, { signal }) });
  const part: Uint8Array = encodeScan({ fields: ['name'] });
  const decoded: ProcessTable<'name'> = decodeScan<'name'>([part], copy, { name: 'web-1' });
  // @ts-expect-error: that is not allowed by any name
  void createResponder(another, { allow: ['kil'] });
  console.log(decoded.length, await remote.umask(1));
  console.log(umask, limits.soft, snapshot.name, stats.calls, oneshot.pid, Process.name, NoSuchProcessError.name);
}
void use;
`;
