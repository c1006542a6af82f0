import type { Msg } from '@nats-io/transport-node';
import { expect, it } from 'vitest';
import { answerOf } from '../../packages/nats/dist/answer.js';
import { fleetErrors } from '../../packages/nats/dist/fleet-error.js';
import type { Link } from '../../packages/nats/dist/link.js';

const TO = { host: 'web', subject: 'psutil-extra.web.1' };
const PATIENCE = { maxPart: 4096, parts: 4, maxAnswer: 1 << 20, silence: 1000 };
const PAUSE = { data: new Uint8Array(0) } as Msg;

/** A link on which each exchange is answered by one message, or fails. */
function linkWith(...answers: (Msg | Error)[]): Link {
  const exchange = () => {
    const answer = answers.shift();
    return {
      next: () => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)),
      close: () => {},
    };
  };
  return { exchange, cancel: () => {} } as unknown as Link;
}

const asked = (link: Link) => answerOf(link, TO, new Uint8Array(8), PATIENCE, new AbortController().signal).next();

it('a host that is gone before it has received anything is reported as gone: to ask again does no harm', async () => {
  await expect(asked(linkWith(fleetErrors.gone(TO)))).rejects.toMatchObject({ code: 'ERR_HOST_GONE' });
});

it('a host that ends in the middle of its answer is not: it may have killed already', async () => {
  await expect(asked(linkWith(PAUSE, fleetErrors.gone(TO)))).rejects.toMatchObject({
    code: 'ERR_HOST_FAILED',
    message: expect.stringMatching(/in the middle of its answer: it may have done/),
  });
});
