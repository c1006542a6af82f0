/**
 * Flags of Node for a command to which a signal that ends it comes a second time, as npx and timeout(1) pass it on: when the command
 * has received the first, and before it has done anything about it.
 */
export const PASSED_ON = preloaded(
  "for (const by of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(by, () => process.nextTick(() => process.kill(process.pid, by)));",
);

/** Flags of Node for a command that sends itself a signal when the thread that writes Parquet has opened what it writes. */
export function sentWhenOpen(by: NodeJS.Signals): string[] {
  return preloaded(`
process.on('worker', (thread) => {
  const send = (answer) => {
    if (!('counts' in answer)) return;
    thread.off('message', send);
    process.kill(process.pid, '${by}');
  };
  thread.on('message', send);
});`);
}

/** Flags of Node for a command whose server never closes. */
export const NEVER_CLOSED = preloaded(
  "import { Server } from 'node:http'; Server.prototype.close = function () { return this; };",
);

function preloaded(program: string): string[] {
  return ['--import', `data:text/javascript,${encodeURIComponent(program)}`];
}
