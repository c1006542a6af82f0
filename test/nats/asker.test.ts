import type { Msg } from '@nats-io/transport-node';
import { expect, it } from 'vitest';
import { answerOf } from '../../packages/nats/dist/answer.js';
import { fleetErrors } from '../../packages/nats/dist/fleet-error.js';
import type { Link } from '../../packages/nats/dist/link.js';
import { partOf } from './parts.js';

const TO = { host: 'web', subject: 'psutil-extra.web.1' };
const PATIENCE = { maxPart: 4096, parts: 4, maxAnswer: 1 << 20, silence: 1000 };
const PAUSE = { data: new Uint8Array(0) } as Msg;

/** A link on which each exchange has one of these rows of messages, and then fails or waits for ever. */
function linkWith(...answers: (readonly (Msg | Error)[])[]): Link {
  const exchange = () => {
    const messages = [...(answers.shift() ?? [])];
    return {
      next: () => {
        const message = messages.shift() ?? new Promise<never>(() => {});
        return message instanceof Error ? Promise.reject(message) : Promise.resolve(message);
      },
      close: () => {},
    };
  };
  return { exchange, cancel: () => {} } as unknown as Link;
}

async function asked(link: Link): Promise<number> {
  let parts = 0;
  for await (const _ of answerOf(link, TO, new Uint8Array(8), PATIENCE, new AbortController().signal)) parts++;
  return parts;
}

const message = (data: Uint8Array, fields: Record<string, string> = {}) =>
  ({ data, headers: { code: 0, get: (name: string) => fields[name] ?? '' } }) as unknown as Msg;

it('a host that is gone before it has received anything is reported as gone: to ask again does no harm', async () => {
  await expect(asked(linkWith([fleetErrors.gone(TO)]))).rejects.toMatchObject({ code: 'ERR_HOST_GONE' });
});

it('a host that ends in the middle of its answer, or refuses the rest, is not: it may have killed already', async () => {
  const part = message(partOf(0, 4080));
  const stale = message(new Uint8Array(0), { 'Nats-Service-Error-Code': '425', 'Nats-Service-Error': 'it is old' });
  for (const link of [
    linkWith([part, PAUSE], [fleetErrors.gone(TO)]),
    linkWith([part, fleetErrors.gone(TO)]),
    // It stood still between the two.
    linkWith([part, PAUSE], [stale]),
  ]) {
    await expect(asked(link)).rejects.toMatchObject({
      code: 'ERR_HOST_FAILED',
      message: expect.stringMatching(/in the middle of its answer: it may have done/),
    });
  }
});

it('a host that has nothing, and wants to be asked again at once, is damaged: it would be asked for ever', async () => {
  await expect(asked(linkWith([PAUSE]))).rejects.toMatchObject({
    code: 'ERR_HOST_DAMAGED',
    message: expect.stringMatching(/asked for more at once/),
  });
});

it('parts that are small, and not the last, are damaged: there would be any number of them', async () => {
  await expect(asked(linkWith([message(partOf(0, 8))]))).rejects.toMatchObject({ code: 'ERR_HOST_DAMAGED' });
  expect(await asked(linkWith([message(partOf(0, 8, true))]))).toBe(1);
});

it.each(['constructor', '__proto__', 'toString', '777'])('a refusal by the number %s is a failure', async (status) => {
  const refusal = message(new Uint8Array(0), { 'Nats-Service-Error-Code': status, 'Nats-Service-Error': 'why' });
  await expect(asked(linkWith([refusal]))).rejects.toMatchObject({
    code: 'ERR_HOST_FAILED',
    message: 'psutil-extra.web.1 refuses it: why',
  });
});
