import type { FastifyInstance, FastifyReply } from 'fastify';
import { type Client, FIELDS, type Field, type ProcessRow } from 'psutil-extra';
import { fieldsNamed, filterOf, QUERY_SCHEMA, type Query } from './query.js';

const DEFAULT_FIELDS: readonly Field[] = ['name', 'state', 'uids', 'umask', 'pgid', 'sid'];
const GREATEST_PID = 2 ** 31 - 1;

/** `GET /processes` and `GET /processes/:pid`. */
export function processRoutes(app: FastifyInstance, client: Client): void {
  app.get<{ Querystring: Query }>('/processes', { schema: { querystring: QUERY_SCHEMA } }, async (request, reply) => {
    const { query } = request;
    const fields = fieldsNamed(query.fields, DEFAULT_FIELDS);
    const filter = filterOf(query);
    // What is only filtered by is read as well, and left out of the answer.
    const table = await client.scan({ fields: [...new Set([...fields, ...filter.fields])], signal: goneOf(reply) });
    const rows = Array.from(table).filter((row) => filter.matches(row as unknown as ProcessRow));
    return reply.type(JSON_TYPE).send(json(rows.map((row) => only(row as unknown as ProcessRow, fields))));
  });

  app.get<{ Params: { pid: number }; Querystring: Pick<Query, 'fields'> }>(
    '/processes/:pid',
    {
      schema: {
        params: { type: 'object', properties: { pid: { type: 'integer', minimum: 1, maximum: GREATEST_PID } } },
        querystring: { type: 'object', additionalProperties: false, properties: { fields: { type: 'string' } } },
      },
    },
    async (request, reply) => {
      const fields = fieldsNamed(request.query.fields, FIELDS);
      // Rejects where there is no such process; a field that is denied or lost is null.
      const snapshot = await client.snapshot(request.params.pid, { fields, signal: goneOf(reply) });
      return reply.type(JSON_TYPE).send(json(snapshot));
    },
  );
}

/** Aborted when the requester has closed the connection, so that nothing is read in vain. */
function goneOf(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  // Of the answer and not of the connection, which carries many of them.
  reply.raw.once('close', () => controller.abort());
  return controller.signal;
}

function only(row: ProcessRow, fields: readonly Field[]): Record<string, unknown> {
  return Object.fromEntries([['pid', row.pid], ...fields.map((field) => [field, row[field]])]);
}

/** As `psutil-extra scan --json` writes it: signals by name, and `"unlimited"`, for which JSON has no number. */
function json(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => (each === Number.POSITIVE_INFINITY ? 'unlimited' : each));
}

const JSON_TYPE = 'application/json; charset=utf-8';
