import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { read, snippet, snippetsOf } from '../documents/markdown.js';
import { SnippetFolder } from '../documents/snippet-folder.js';
import { lacking } from '../processes/abilities.js';
import { EmptyFolder, registryHere } from './empty-folder.js';
import { Redis } from './redis.js';
import { type Shelf, shelf } from './shelf.js';

const PAGE = 'site/pages/recipes/bullmq.md';
/** As the page says. */
const [, BULLMQ, IOREDIS] = /BullMQ (\d+\.\d+\.\d+), ioredis (\d+\.\d+\.\d+)/.exec(read(PAGE)) ?? [];

describe('the recipe for BullMQ', () => {
  let packed: Shelf;
  let folder: EmptyFolder;

  beforeAll(async () => {
    packed = await shelf(await registryHere());
    folder = await EmptyFolder.make(packed.url);
  }, 120_000);

  afterAll(async () => {
    await folder[Symbol.asyncDispose]();
    await packed[Symbol.asyncDispose]();
  });

  it('runs a job in a process of its own, which comes back with its number of files', async ({ skip }) => {
    skip(...lacking.redis);
    const program = snippet("site/pages/recipes/bullmq.md: import { Queue, QueueEvents, Worker } from 'bullmq';");
    const processor = snippetsOf(PAGE).find(({ language }) => language === 'ts');
    if (processor === undefined) throw new Error(`${PAGE} has no processor`);
    await using compiled = await SnippetFolder.make();
    expect(await compiled.compile([processor])).toBe('');
    await folder.write('package.json', '{ "type": "module" }');
    await folder.write('run.js', await compiled.compiled(processor));
    await folder.write('main.js', program.code);
    const install = await folder.shell(`npm install psutil-extra bullmq@${BULLMQ} ioredis@${IOREDIS}`);
    expect(install).toEqual({ ...install, code: 0 });
    await using redis = await Redis.start(folder.path);
    const { code, stdout, stderr } = await folder.shell('node main.js', { REDIS_PORT: String(redis.port) });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const hard = /^Max open files +\d+ +(\d+)/m.exec(await readFile('/proc/self/limits', 'utf8'))?.[1];
    expect(stdout).toBe(`{ files: ${hard} }\n`);
  }, 120_000);
});
