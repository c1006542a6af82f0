import { FailureKind } from './failure.js';
import { FAILURE_WORDS, type Frame, WORD } from './frame.js';
import type { FrameColumn } from './frame-column.js';
import { FIELDS, type FieldRow } from './schema.js';
import { fixedValue } from './values.js';

/**
 * Reads all of a frame once, for one that comes from another machine: after that no row, column or failure of it throws.
 *
 * @throws what `frame.damaged` returns, if anything in it is not as the addon writes it.
 */
export function checkFrame(frame: Frame): void {
  for (const field of frame.fields) checkColumn(frame.column(field), FIELDS[field] as FieldRow, frame);
  checkFailures(frame);
  if (frame.clock !== undefined) {
    const { epoch, ticksPerSecond } = frame.clock;
    if (!(Math.abs(epoch) <= MAX_TIME && ticksPerSecond >= 1 && ticksPerSecond <= MAX_TICKS)) {
      throw frame.damaged('its clock counts no time');
    }
  }
}

function checkColumn(column: FrameColumn, { name, storage, view }: FieldRow, { rows, clock, damaged }: Frame): void {
  if (storage === 'struct') {
    // A required member may be missing only with all others: reading the row says so.
    const isComplete = column.members.every(({ column: member }) => member.validity === null);
    if (!isComplete) for (let row = 0; row < rows; row++) column.value(row);
    for (const { column: member } of column.members) checkEnum(member, rows);
    return;
  }
  if (storage === 'fixed') {
    checkEnum(column, rows);
    if (view === 'time') checkTimes(column, rows, clock, damaged);
    return;
  }
  const { distinct, numbers } = column;
  for (let row = 0; row < rows; row++) {
    if (column.has(row) && !((numbers[row] as number) < distinct)) {
      throw damaged(`the dictionary of ${name} has no entry ${numbers[row]}`);
    }
  }
  for (let code = 0; code < distinct; code++) column.check(code);
}

function checkEnum(column: FrameColumn, rows: number): void {
  if (column.type.kind !== 'enum') return;
  const { numbers } = column;
  for (let row = 0; row < rows; row++) {
    if (column.has(row)) fixedValue(column.type, numbers[row] as number, column.damaged);
  }
}

function checkTimes(column: FrameColumn, rows: number, clock: Frame['clock'], damaged: Frame['damaged']): void {
  const { numbers } = column;
  for (let row = 0; row < rows; row++) {
    const start = numbers[row] as number;
    if (!Number.isFinite(start)) throw damaged('a start is no number');
    if (!column.has(row)) continue;
    if (clock === undefined) throw damaged('the frame has start times and no clock');
    if (!(Math.abs(clock.epoch + (start * 1000) / clock.ticksPerSecond) <= MAX_TIME))
      throw damaged('a start is no time');
  }
}

/** They are in the order of the rows, of kinds and fields that there are. */
function checkFailures(frame: Frame): void {
  const words = new Int32Array(frame.buffer, 0, frame.buffer.byteLength >> 2);
  const count = words[WORD.failures] as number;
  if ((words[WORD.textLength] as number) > MAX_TEXTS) throw frame.damaged('the names of its failures are too long');
  let at = (words[WORD.failureOffset] as number) >> 2;
  let before = 0;
  for (let i = 0; i < count; i++, at += FAILURE_WORDS) {
    const row = words[at] as number;
    const field = words[at + 1] as number;
    const kind = words[at + 2] as number;
    if (row < before || row >= frame.rows) throw frame.damaged('a failure is of no row');
    if (field < -1 || field >= FIELDS.length) throw frame.damaged('a failure is of no field');
    if (!(kind >= FailureKind.gone && kind <= FailureKind.system)) throw frame.damaged(`no kind of failure: ${kind}`);
    before = row;
  }
}

/** The most milliseconds since the epoch that a `Date` has. */
const MAX_TIME = 8.64e15;
const MAX_TICKS = 1e12;
/** Names of errors and system calls. */
const MAX_TEXTS = 4096;
