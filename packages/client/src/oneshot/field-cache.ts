import { cacheableFields, type Failure, type FieldSet, type Frame, NO_FIELDS } from '@psutil-extra/native/protocol';
import { type FieldSource, failureIn } from '../schema/field-source.js';

/** The fields of one process that a oneshot scope has read. The first value of a field stays until it is forgotten. */
export class FieldCache implements FieldSource {
  readonly #frames: (Frame | undefined)[] = [];
  /** For each field, its row in its frame. */
  readonly #rows: number[] = [];
  #known = NO_FIELDS;
  /** How often fields have been forgotten. */
  version = 0;
  /** Infinity until something is read; NaN if there is no clock. */
  firstReadAt = Number.POSITIVE_INFINITY;

  contains(fields: FieldSet): boolean {
    return this.#known.contains(fields);
  }

  has(field: number): boolean {
    return this.#known.has(field);
  }

  /** The fields of this set that are not in the cache. */
  missing(fields: FieldSet): FieldSet {
    return fields.difference(this.#known);
  }

  failure(field: number): Failure | undefined {
    return failureIn(this.frame(field), this.row(field), field);
  }

  frame(field: number): Frame {
    return this.#frames[field] as Frame;
  }

  row(field: number): number {
    return this.#rows[field] as number;
  }

  /** A scope reads frames only. */
  readonly scalar = Number.NaN;

  /** Adds fields of a frame's row. Failures that may not last are not kept: they are added to `transientFailures`. */
  add(frame: Frame, row: number, fields: FieldSet, transientFailures: TransientFailures): void {
    this.firstReadAt = Math.min(this.firstReadAt, frame.readAt);
    const cacheable = cacheableFields(frame, row);
    for (const field of fields.positions) {
      if (!cacheable.has(field)) transientFailures.set(field, failureIn(frame, row, field) as Failure);
      else if (!this.#known.has(field)) {
        this.#frames[field] = frame;
        this.#rows[field] = row;
      }
    }
    this.#known = this.#known.union(fields.intersection(cacheable));
  }

  /** The next read of these fields reads them anew. Their frame stays until then: a read that has just ended may still use it. */
  forget(fields: FieldSet): void {
    this.#known = this.#known.difference(fields);
    this.version++;
  }
}

/** By field, failures that are part of one answer only. */
export type TransientFailures = Map<number, Failure>;
