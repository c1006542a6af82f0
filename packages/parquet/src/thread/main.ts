import { type MessagePort, parentPort } from 'node:worker_threads';
import type { Answer, Request } from '../requests.js';
import { plainError } from './plain-error.js';
import { Recording } from './recording.js';
import { SingleFile } from './single-file.js';
import type { Writer } from './writer.js';

let writer: Writer | undefined;

const port = parentPort as MessagePort;
port.on('message', (request: Request) => {
  void answer(request).then((made) => port.postMessage(made, []));
});

async function answer(request: Request): Promise<Answer> {
  try {
    return { counts: { ...(await done(request)).counts } };
  } catch (error) {
    return { error: plainError(error) };
  }
}

async function done(request: Request): Promise<Writer> {
  if (request.do === 'open') {
    const { target, id } = request;
    writer = target.kind === 'file' ? new SingleFile(target) : await Recording.open(target, id);
    return writer;
  }
  if (writer === undefined) throw new Error('nothing has been opened');
  if (request.do === 'append') await writer.append(request.part);
  else await writer.close(request.keep);
  return writer;
}
