import Fastify, { type FastifyInstance } from 'fastify';
import { createClient } from 'psutil-extra';
import { EventLog } from './event-log.js';
import { failureHandler } from './failures.js';
import { EVENTS } from './listeners.js';
import { Live, type Sampling } from './live.js';
import { Metrics } from './metrics.js';
import type { ServerOptions } from './options.js';
import { pageRoutes } from './page.js';
import { processRoutes } from './processes.js';
import { SharedSurvey } from './shared-survey.js';
import { SAMPLED, SCANNED, survey } from './survey.js';

/** A server that listens when `listen()` is called. Closing it ends its client. */
export function server(options: ServerOptions = {}): FastifyInstance {
  const { procRoot = '/proc', every = 2000, watched = 100, log = false } = options;
  if (!Number.isInteger(every) || every < LEAST_INTERVAL) {
    throw new RangeError(`every must be at least ${LEAST_INTERVAL} milliseconds. Received ${every}`);
  }
  // One thread leaves a processor to the event loop; calls beyond a thousand are refused, and do not pile up.
  const client = createClient({ procRoot, threads: 1, maxQueue: 1000 });
  const metrics = new Metrics(client);
  const shared = new SharedSurvey(async () => {
    const from = performance.now();
    const table = await client.scan({ fields: SCANNED });
    metrics.observe(performance.now() - from);
    return survey(table);
  });
  const sampling: Sampling = async function* (signal) {
    for await (const table of client.sample({ fields: SAMPLED, interval: every, signal })) yield survey(table);
  };
  const live = new Live(shared, sampling, (publish) => new EventLog(client, every, publish), every, watched);

  // By default, Fastify's Ajv removes a property that the schema lacks: here it is an error.
  const ajv = { customOptions: { removeAdditional: false } };
  const app = Fastify({ logger: log, forceCloseConnections: true, ajv });
  failureHandler(app);
  onlyFromHere(app);
  nothingBehindEvents(app, live);
  processRoutes(app, client);
  pageRoutes(app);
  app.route({
    method: ['GET', 'HEAD'],
    url: '/live',
    exposeHeadRoute: false,
    handler: (request, reply) => {
      if (live.listeners.isFull) throw Object.assign(new Error(FULL), { statusCode: 503, code: 'TOO_MANY_LISTENERS' });
      reply.hijack();
      // A HEAD request of events has only headers.
      if (request.method === 'HEAD') reply.raw.writeHead(200, EVENTS).end();
      else live.listeners.admit(request.raw.socket, reply.raw);
    },
  });
  app.get('/metrics', async (_request, reply) => {
    const text = await metrics.text(await shared.fresh(every / 2));
    return reply.type(metrics.registry.contentType).send(text);
  });
  app.get('/health', () => ({ listeners: live.listeners.size, scans: shared.made, ...client.stats() }));
  app.addHook('preClose', () => live.close());
  app.addHook('onClose', () => client.close());
  return app;
}

/**
 * Refuses requests that were not addressed to this machine by its own name: a page elsewhere whose name is made to point to
 * 127.0.0.1 could otherwise read, through its visitor's browser, what runs here.
 */
function onlyFromHere(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    if (/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(request.host)) return;
    return reply
      .code(403)
      .send({ error: 'FORBIDDEN', message: `this server is for 127.0.0.1, not for ${request.host}` });
  });
}

/**
 * Ends connections with a request after the events, which last as long as the connection: no answer
 * could follow them, and thousands of requests that a client has sent at once would all be kept.
 */
function nothingBehindEvents(app: FastifyInstance, live: Live): void {
  // At once and not a turn later, so that the second of two requests in one packet is recognized as such.
  app.addHook('onRequest', (request, reply, done) => {
    const { socket } = request.raw;
    if (!live.listeners.holds(socket)) return done();
    reply.hijack();
    socket.destroy();
  });
}

const FULL = 'as many listen as this server has room for: ask again later';

/** Of `client.sample()`. */
const LEAST_INTERVAL = 50;
