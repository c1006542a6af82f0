import { closeSync, existsSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ThreadError } from '../requests.js';
import type { Converted, Stages } from './convert.js';
import { remove, syncDirectory } from './durable.js';
import { contentOf, type Damage } from './journal-content.js';
import { errorOf } from './plain-error.js';

/**
 * Makes the file, and removes the journal when the file is on the disk, unless the journal is damaged. Whatever ends in between, one
 * of them is whole.
 */
export async function finish(stages: Stages): Promise<Converted> {
  const converted = await inThread(stages);
  if (converted.damage === undefined) removeJournal(stages);
  return converted;
}

/** As {@link finish}, of what a recorder has left that was killed: perhaps it had made the file, and not removed the journal. */
export async function recover(stages: Stages): Promise<Converted> {
  remove(stages.temporary);
  if (!existsSync(stages.file)) return finish(stages);
  const damage = damageOf(stages.journal);
  if (damage === undefined) removeJournal(stages);
  return { readings: 0, rows: 0, bytes: 0, damage };
}

function removeJournal({ journal }: Stages): void {
  remove(journal);
  syncDirectory(dirname(journal));
}

function damageOf(journal: string): Damage | undefined {
  const descriptor = openSync(journal, 'r');
  try {
    return contentOf(descriptor).damage;
  } finally {
    closeSync(descriptor);
  }
}

function inThread(stages: Stages): Promise<Converted> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(join(__dirname, 'converter.js'), { workerData: stages, execArgv: [] });
    worker.once('message', (answer: { converted: Converted } | { error: ThreadError }) => {
      if ('converted' in answer) resolve(answer.converted);
      else reject(errorOf(answer.error));
    });
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the thread that makes ${stages.file} has ended with ${code}`)));
  });
}
