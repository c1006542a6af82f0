/**
 * The file that piscina runs in each thread: it makes the task there. CommonJS, because piscina tries `require` first, and
 * Node.js 20 aborts the whole program (`CreateRequiredModuleFacade`) where a thread is ended that is just in a `require` of
 * an ES module. Threads start at the first call, and an error that nobody handles may end the program right behind it.
 */
module.exports = import('./task.js').then(({ default: task }) => task);
