// Serves the processes of a host, as a program of its own: node host.mjs '{"login":{…},"serve":{…},"client":{…}}'

import { connect } from '@nats-io/transport-node';
import { serve } from '@psutil-extra/nats';
import { createClient } from 'psutil-extra';

const { login, serve: options, client: clientOptions } = JSON.parse(process.argv[2]);
const connection = await connect({ ...login, reconnect: true, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
const client = createClient({ threads: 1, ...clientOptions });
const redact = options.redact?.map((source) => new RegExp(source, 'g'));
const service = await serve(client, { ...options, redact, connection });
console.log(`serves ${service.host}`);
// It ends with the program that started it.
process.stdin.on('end', () => process.exit(0)).resume();
