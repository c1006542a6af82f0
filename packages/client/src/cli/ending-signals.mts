/**
 * Calls back at the first signal that ends a command, such as ^C, which then does not end it. Another one ends it at once, as
 * ever; but not if it comes at the same time: ^C reaches npx too, and timeout(1), which pass it on. What is returned stops that,
 * and lets the next signal end the command.
 */
export function atEndingSignal(onFirst: (by: NodeJS.Signals) => void): () => void {
  let first: number | undefined;
  const stop = () => {
    for (const name of ENDING) process.off(name, onSignal);
  };
  const onSignal = (by: NodeJS.Signals) => {
    const now = performance.now();
    if (first === undefined) {
      first = now;
      onFirst(by);
    } else if (now - first >= SAME_MS) {
      stop();
      process.kill(process.pid, by);
    }
  };
  for (const name of ENDING) process.on(name, onSignal);
  return stop;
}

const SAME_MS = 1000;
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
