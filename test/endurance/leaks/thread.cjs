// Loaded into every thread of a measured program with --require: only a thread itself can collect and report its heap.
const { isMainThread } = require('node:worker_threads');
const { getHeapStatistics } = require('node:v8');

if (!isMainThread) {
  const channel = new BroadcastChannel('heaps');
  channel.unref();
  channel.addEventListener('message', ({ data }) => {
    if (data !== 'collect') return;
    for (let i = 0; i < 2; i++) globalThis.gc();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- of a window, which this is not
    channel.postMessage(getHeapStatistics().used_heap_size);
  });
}
