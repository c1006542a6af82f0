// The thread of a piscina pool that loads an addon and answers.
require(require('node:worker_threads').workerData);

module.exports = (value) => value;
