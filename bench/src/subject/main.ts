import type { Deed } from '../actors.js';
import type { Library, Scanner } from '../libraries.js';
import { library } from '../libraries.js';
import type { Sampled } from '../sampled.js';
import { act } from './act.js';
import { eventsOf } from './events.js';
import { first } from './first.js';
import { underLoop } from './loop.js';
import { memory } from './memory.js';
import { served } from './metrics.js';
import { Missing } from './missing.js';
import { sampleForEver, scanForEver, underSampling } from './sample.js';
import { serve } from './server.js';
import { times } from './times.js';
import { waits } from './wait.js';

/** The process in which one library does one task; its answer is a line of JSON. */
const [task, ...args] = process.argv.slice(2) as [string, ...string[]];

try {
  switch (task) {
    case 'times': {
      const subject = library(args[0] as string);
      answer(await times(await open(subject), Number(args[1]), Number(args[2]), subject.remembers ?? 0));
      break;
    }
    case 'loop': {
      const subject = library(args[0] as string);
      answer(await underLoop(await open(subject), Number(args[1]), subject.remembers ?? 0));
      break;
    }
    case 'act':
      answer(await act(args[0] as Deed, args[1] as string, Number(args[2]), Number(args[3])));
      break;
    case 'wait':
      answer(await waits(Number(args[0]), Number(args[1])));
      break;
    case 'events':
      answer(await eventsOf(args[0] as string, Number(args[1])));
      break;
    case 'first':
      answer(await first(args[0] as 'ours' | 'bare', Number(args[1])));
      break;
    case 'memory':
      answer(await memory(Number(args[0])));
      break;
    case 'metrics':
      answer(await served());
      break;
    case 'sampling':
      answer(await underSampling(JSON.parse(args[0] as string) as Sampled, Number(args[1])));
      break;
    case 'samples':
      await sampleForEver(JSON.parse(args[0] as string) as Sampled);
      break;
    case 'scans':
      await scanForEver(await open(library(args[0] as string)));
      break;
    case 'server': {
      const name = args[0] as string;
      await serve(name === '' ? undefined : await open(library(name)), answer);
      break;
    }
    default:
      throw new RangeError(`no task is called ${task}`);
  }
  process.exit(0);
} catch (error) {
  if (!(error instanceof Missing)) throw error;
  answer({ missing: true });
  process.exit(0);
}

async function open(subject: Library): Promise<Scanner> {
  try {
    return await subject.open();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ERR_MODULE_NOT_FOUND') throw new Missing(subject.name, { cause: error });
    throw error;
  }
}

function answer(value: unknown): void {
  console.log(JSON.stringify(value));
}
