import { connect, serve } from '@psutil-extra/nats';
import { createClient } from 'psutil-extra';
import { afterAll, describe, expect, it, vi } from 'vitest';

/** A connection that is not used: wrong arguments are refused before. */
const unused = Object.fromEntries(
  ['subscribe', 'publish', 'flush', 'closed'].map((name) => [name, () => expect.unreachable(`it calls ${name}()`)]),
);
const connection = { ...unused, status: async function* () {}, isClosed: () => false } as never;

describe('a wrong argument', () => {
  const client = createClient();
  afterAll(() => client.close());
  const fleet = connect({ connection });

  it.each([
    ['an unknown option', { connection, alow: [] }, 'ERR_INVALID_ARG_VALUE', /no option 'alow'/],
    ['no connection', {}, 'ERR_INVALID_ARG_TYPE', /@nats-io\/transport-node/],
    ['what is no connection', { connection: {} }, 'ERR_INVALID_ARG_TYPE', /@nats-io\/transport-node/],
    ['no options', undefined, 'ERR_INVALID_ARG_TYPE', /@nats-io\/transport-node/],
    ['an empty name', { connection, host: '' }, 'ERR_INVALID_ARG_VALUE', /options\.host/],
    ['a name that is no text', { connection, host: 5 }, 'ERR_INVALID_ARG_TYPE', /options\.host/],
    ['a name of two lines', { connection, host: 'a\nb' }, 'ERR_INVALID_ARG_VALUE', /options\.host/],
    ['a prefix of two tokens', { connection, prefix: 'a.b' }, 'ERR_INVALID_ARG_VALUE', /options\.prefix/],
    ['no requests', { connection, maxRequests: 0 }, 'ERR_OUT_OF_RANGE', /options\.maxRequests/],
    ['what cannot be allowed', { connection, allow: ['everything'] }, 'ERR_INVALID_ARG_VALUE', /everything/],
    ['what cannot be redacted', { connection, redact: ['text'] }, 'ERR_INVALID_ARG_TYPE', /redact/],
  ])('of serve() is refused: %s', async (_, options, code, message) => {
    await expect(serve(client, options as never)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it('of serve() leaves nothing behind: a connection that takes no subscription', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      await expect(serve(client, { connection })).rejects.toThrow();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('of serve() is refused: what is no client', async () => {
    await expect(serve({} as never, { connection })).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
  });

  it.each([
    ['an unknown option', { connection, timeOut: 5 }, 'ERR_INVALID_ARG_VALUE'],
    ['no connection', {}, 'ERR_INVALID_ARG_TYPE'],
    ['no time', { connection, timeout: 0 }, 'ERR_OUT_OF_RANGE'],
    ['a time that is none', { connection, timeout: Number.NaN }, 'ERR_OUT_OF_RANGE'],
  ])('of connect() is refused: %s', (_, options, code) => {
    expect(() => connect(options as never)).toThrow(expect.objectContaining({ code }));
  });

  it.each([
    ['an unknown option', { field: ['name'] }, 'ERR_INVALID_ARG_VALUE'],
    ['a function', { where: () => true }, 'ERR_INVALID_ARG_TYPE'],
    ['one name', { hosts: 'db1' }, 'ERR_INVALID_ARG_TYPE'],
    ['a name that is none', { hosts: ['db1', ''] }, 'ERR_INVALID_ARG_VALUE'],
    ['a deadline that is none', { timeout: -1 }, 'ERR_OUT_OF_RANGE'],
    ['no hosts at a time', { concurrency: 0 }, 'ERR_OUT_OF_RANGE'],
    ['no signal', { signal: {} }, 'ERR_INVALID_ARG_TYPE'],
    ['an array', [], 'ERR_INVALID_ARG_TYPE'],
  ])('of scan() is refused at once: %s', (_, options, code) => {
    expect(() => fleet.scan(options as never)).toThrow(expect.objectContaining({ code }));
  });

  it('of scan() is refused at once: a field that there is not, and criteria that there are not', () => {
    expect(() => fleet.scan({ fields: ['nam'] as never })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }),
    );
  });

  it('of host() and hosts() is refused', async () => {
    await expect(fleet.host('')).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
    await expect(fleet.host(5 as never)).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
    await expect(fleet.hosts({ timeout: 'x' as never })).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
    await expect(fleet.hosts({ signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
  });
});
