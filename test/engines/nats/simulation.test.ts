import { expect, it } from 'vitest';
import { outcomeOf } from '../../cli-command.js';
import { ROOT, snippet } from '../../documents/markdown.js';
import { lacking } from '../../processes/abilities.js';

it('the simulation of a large fleet finds all but the dead', async ({ skip }) => {
  skip(...lacking.nats);
  const { code } = snippet(
    'docs/fleet-scale.md: node --expose-gc bench/dist/fleet/simulation.js --hosts 10000 --processes 500 --dead 1 --programs 10',
  );
  // The same with fewer: the whole takes minutes.
  const small = code
    .replace('10000', '200')
    .replace('--processes 500', '--processes 50')
    .replace('--programs 10', '--programs 2');
  const [node, ...args] = `${small.trim()} --turns 2`.split(' ');
  expect(node).toBe('node');
  const ran = await outcomeOf(process.execPath, args, {}, ROOT);
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  const last = JSON.parse(String(ran.stdout.trim().split('\n').at(-1))) as object;
  expect(last).toMatchObject({ answered: 198, missing: { ERR_HOST_SILENT: 2 }, slowConsumers: 0 });
});
