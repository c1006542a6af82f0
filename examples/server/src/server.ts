import Fastify, { type FastifyInstance } from 'fastify';
import { createClient } from 'psutil-extra';
import { failureHandler } from './failures.js';
import { Live } from './live.js';
import { Metrics } from './metrics.js';
import { OpenFiles } from './open-files.js';
import type { ServerOptions } from './options.js';
import { pageRoutes } from './page.js';
import { processRoutes } from './processes.js';
import { SharedSurvey } from './shared-survey.js';
import { survey } from './survey.js';

/** A server that listens when it is told to. Closing it ends its client. */
export function server(options: ServerOptions = {}): FastifyInstance {
  const { procRoot = '/proc', every = 2000, counted = 500, log = false } = options;
  // One thread leaves a processor to the event loop; calls beyond a thousand are refused, and do not pile up.
  const client = createClient({ procRoot, threads: 1, maxQueue: 1000 });
  const openFiles = new OpenFiles(procRoot, counted);
  const metrics = new Metrics(client);
  const shared = new SharedSurvey(async () => {
    const made = await survey(client, openFiles);
    metrics.observe(made);
    return made;
  });
  const live = new Live(shared, every);

  // Ajv would take `fields` for a filter that nobody meant, and drop it: here it is an error.
  const ajv = { customOptions: { removeAdditional: false } };
  const app = Fastify({ logger: log, forceCloseConnections: true, ajv });
  failureHandler(app);
  onlyFromHere(app);
  processRoutes(app, client);
  pageRoutes(app);
  app.get('/live', (_request, reply) => {
    reply.hijack();
    live.listen(reply.raw);
  });
  app.get('/metrics', async (_request, reply) => {
    const text = await metrics.text(await shared.fresh(every / 2));
    return reply.type(metrics.registry.contentType).send(text);
  });
  app.get('/health', () => ({ listeners: live.listeners, scans: shared.made, ...client.stats() }));
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
