import { server } from '@psutil-extra/example-server/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Child, shell } from '../../cli-child.js';

const app = server();
let child: Child;

beforeAll(async () => {
  child = await shell("trap '' TERM; umask 031; ulimit -n 600");
});

afterAll(async () => {
  await app.close();
  await child[Symbol.asyncDispose]();
});

async function get(url: string, headers: Record<string, string> = {}): Promise<{ status: number; body: unknown }> {
  const answer = await app.inject({ url, headers: { host: '127.0.0.1:8080', ...headers } });
  return { status: answer.statusCode, body: answer.json() };
}

async function pidsOf(query: string): Promise<number[]> {
  const { body } = await get(`/processes?${query}`);
  return (body as { pid: number }[]).map(({ pid }) => pid);
}

describe('GET /processes', () => {
  it('answers with the fields that were asked for, and no others', async () => {
    const { body } = await get('/processes?fields=umask,name&ignores=SIGTERM');
    expect(body).toContainEqual({ pid: child.pid, umask: 0o031, name: 'sh' });
  });

  it.each([
    { query: 'ignores=SIGTERM' },
    { query: 'umask=031' },
    { query: 'name=sh' },
    { query: 'state=sleeping' },
    { query: `user=${process.geteuid?.()}` },
    { query: 'umask=31&ignores=SIGTERM' },
  ])('?$query has a process that matches', async ({ query }) => {
    expect(await pidsOf(query)).toContain(child.pid);
  });

  it.each([
    { query: 'blocks=SIGTERM' },
    { query: 'catches=SIGTERM' },
    { query: 'umask=022' },
    { query: 'state=zombie' },
    { query: 'umask=031&catches=SIGTERM' },
    { query: 'group=3999999999' },
  ])('?$query has no process that does not match', async ({ query }) => {
    expect(await pidsOf(query)).not.toContain(child.pid);
  });

  it.each([
    { query: 'fields=umsak', says: 'umsak' },
    { query: 'umsak=022', says: 'additional properties' },
    { query: 'umask=089', says: 'umask' },
    { query: 'user=-1', says: 'user' },
    { query: 'ignores=TERM', says: 'ignores' },
  ])('?$query is a 400 that names the error', async ({ query, says }) => {
    const { status, body } = await get(`/processes?${query}`);
    expect({ status, body }).toEqual({ status: 400, body: expect.objectContaining({ message: expect.any(String) }) });
    expect((body as { message: string }).message).toContain(says);
  });
});

describe('GET /processes/:pid', () => {
  it('returns everything, signals by name and no limit as "unlimited"', async () => {
    const { status, body } = await get(`/processes/${child.pid}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      pid: child.pid,
      umask: 0o031,
      sigmasks: { ignored: ['SIGTERM'] },
      rlimits: { RLIMIT_NOFILE: { soft: 600, hard: 600 }, RLIMIT_CPU: { soft: 'unlimited' } },
    });
  });

  it('returns only what was asked for', async () => {
    expect(await get(`/processes/${child.pid}?fields=umask`)).toEqual({
      status: 200,
      body: { pid: child.pid, umask: 0o031 },
    });
  });

  it('is a 404 for a process that has ended', async () => {
    const gone = await shell('');
    await gone[Symbol.asyncDispose]();
    expect(await get(`/processes/${gone.pid}`)).toEqual({
      status: 404,
      body: { error: 'ESRCH', message: expect.stringContaining(String(gone.pid)) },
    });
  });

  it.each(['0', '-1', 'self', '1.5', '2147483648'])('is a 400 for %s, which is no PID', async (pid) => {
    expect((await get(`/processes/${pid}`)).status).toBe(400);
  });
});

describe('the interval', () => {
  it.each([49, 0, Number.NaN])('of %s ms is an error that says what is allowed', (every) => {
    expect(() => server({ every })).toThrow(
      new RangeError(`every must be at least 50 milliseconds. Received ${every}`),
    );
  });
});

describe('every answer', () => {
  it('is refused under another host name, as in DNS rebinding', async () => {
    for (const url of ['/processes', '/processes/1', '/live', '/metrics', '/']) {
      expect((await get(url, { host: 'evil.example:8080' })).status, url).toBe(403);
    }
  });
});
