/** What reads the columns of a frame, and events. It is bundled by itself, and loaded when something of it is first used. */
export { type Clock, Frame, LAYOUT } from './frame.js';
export { checkFrame } from './frame-check.js';
export { FrameColumn } from './frame-column.js';
export { settle, textsOf, withColumns } from './frame-edit.js';
export { EventKind, eventsIn, type RawEvent } from './process-event.js';
export { fixedValue, type Numbers, textsIn } from './values.js';

/** Loads this file, where it is bundled by itself. What uses it later then needs no descriptor for it. */
export function loadFrames(): void {}
