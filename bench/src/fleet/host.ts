import { connect } from '@nats-io/transport-node';
import { serve } from '@psutil-extra/nats';
import { createClient } from 'psutil-extra';
import { FIELDS, JSON_SUBJECT } from './question.js';

/** A host of a fleet: serves its processes, and answers with the same as JSON. It ends with its stdin. */
const [servers, host] = process.argv.slice(2) as [string, string];
const connection = await connect({ servers });
const client = createClient({ threads: 1 });
await serve(client, { connection, host });

const answer = async (respond: (text: string) => void) => {
  const table = await client.scan({ fields: FIELDS });
  respond(JSON.stringify({ host, rows: table.toArray() }));
};
connection.subscribe(JSON_SUBJECT, {
  callback: (_, message) => {
    answer((text) => void message.respond(text)).catch(console.error);
  },
});
await connection.flush();
console.log('ready');
process.stdin.on('end', () => process.exit(0)).resume();
