import { cpus, freemem, hostname, loadavg, release, totalmem, type, uptime } from 'node:os';
import type { WireHost } from './wire.js';

/** The machine as it is now. Of a container it is the machine that it runs on, under the container's name. */
export function host(): WireHost {
  return {
    name: hostname(),
    system: `${type()} ${release()}`,
    processors: PROCESSORS,
    memory: totalmem(),
    available: freemem(),
    load: loadavg().map((each) => Math.round(each * 100) / 100),
    up: Math.round(uptime()),
  };
}

// Node reads the times of every processor to count them: once is enough.
const PROCESSORS = cpus().length;
