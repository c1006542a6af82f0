// Loaded into every thread of a program with --require: a thread then ends in the way that it hears of.
const { isMainThread } = require('node:worker_threads');

if (!isMainThread) {
  const orders = new BroadcastChannel('orders');
  orders.unref();
  orders.addEventListener('message', ({ data }) => {
    if (data === 'exit') process.exit(3);
    if (data === 'throw') throw new Error('thrown in the thread');
    for (const kept = []; ; ) kept.push(Float64Array.from({ length: 100_000 }, () => kept.length).toString());
  });
}
