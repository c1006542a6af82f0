import { FailureKind, FIELD_INDEX, FIELDS, type FieldMask, Frame, type Reader, ReadFlag } from '@psutil-extra/native';
import type { ScopedPart, ScopedRead } from './wire.js';

/**
 * What the open oneshot scopes of this thread have read. A source is read once a scope and brings all that
 * it tells; a field that a scope has is answered from here, whatever has become of the process.
 */
export class OneshotCache {
  readonly #scopes = new Map<number, Scope>();
  readonly #reader: Reader;

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  /** The parts that hold the fields asked for, each field in one of them. */
  read(request: ScopedRead): ScopedPart[] {
    this.close(request.closed);
    const scope = this.#scopes.get(request.scope) ?? { parts: [], known: 0 };
    const parts = scope.parts.filter((part) => (part.fields & request.fields) !== 0);
    const missing = request.fields & ~scope.known;
    if (missing === 0) return parts;
    const buffer = this.#reader.read(
      Int32Array.of(request.pid),
      Float64Array.of(request.start),
      missing,
      null,
      ReadFlag.wholeSources,
    ) as ArrayBuffer;
    const frame = new Frame(buffer);
    const lasting = lastingFields(frame, 0) & ~scope.known;
    if (lasting !== 0) {
      // Not before there is something to keep: a request may close its own scope and ask for nothing.
      this.#scopes.set(request.scope, scope);
      scope.parts.push({ buffer, fields: lasting });
      scope.known |= lasting;
    }
    parts.push({ buffer, fields: lasting | missing });
    return parts;
  }

  /** A limit has been set in this scope: the next read of limits reads them anew. */
  forgetLimits(scopeId: number): void {
    const scope = this.#scopes.get(scopeId);
    if (scope === undefined) return;
    scope.known &= ~LIMITS;
    scope.parts = scope.parts
      .map((part) => ({ ...part, fields: part.fields & ~LIMITS }))
      .filter((part) => part.fields !== 0);
  }

  close(scopes: readonly number[]): void {
    for (const scope of scopes) this.#scopes.delete(scope);
  }

  /** Open scopes. */
  get size(): number {
    return this.#scopes.size;
  }
}

/**
 * The fields that a row of a frame answers for good. That a process is gone is an answer to every field;
 * that the system had no descriptor left, say, is an answer to nothing.
 */
export function lastingFields(frame: Frame, row: number): FieldMask {
  if (!frame.hasFailures) return frame.fields;
  const whole = frame.rowFailure(row);
  if (whole !== undefined) return whole.kind === FailureKind.system ? 0 : ALL_FIELDS;
  let fields = frame.fields;
  for (let field = 0; field < FIELDS.length; field++) {
    if (frame.failure(row, field)?.kind === FailureKind.system) fields &= ~(1 << field);
  }
  return fields;
}

interface Scope {
  parts: ScopedPart[];
  /** The fields that the parts hold. */
  known: FieldMask;
}

const ALL_FIELDS = (1 << FIELDS.length) - 1;
const LIMITS = 1 << FIELD_INDEX.rlimits;
