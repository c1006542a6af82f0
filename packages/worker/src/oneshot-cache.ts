import { type Reader, run } from '@psutil-extra/native';
import { cacheableFields, FieldSet, Frame, NO_FIELDS, ReadFlag } from '@psutil-extra/native/protocol';
import { arrayOfPid, arrayOfStart } from './one-process.js';
import type { ScopedPart, ScopedRead } from './wire.js';

/**
 * The fields that the open oneshot scopes of this thread have read. A scope reads each source once, with all fields that it
 * has. A field that a scope has read is returned from here, whatever has happened to the process.
 */
export class OneshotCache {
  readonly #scopes = new Map<number, Scope>();
  readonly #reader: Reader;

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  /** The parts that have the requested fields, each field in one of them. */
  read(request: ScopedRead): ScopedPart[] {
    this.close(request.closed);
    const fields = FieldSet.fromBits(request.fields);
    const scope = this.#scopes.get(request.scope) ?? { parts: [], known: NO_FIELDS };
    const parts = scope.parts.filter((part) => part.fields.intersects(fields));
    const missing = fields.difference(scope.known);
    if (!missing.isEmpty) parts.push(this.#readMissing(request, scope, missing));
    return parts.map(({ buffer, fields: held }) => ({ buffer, fields: held.bits }));
  }

  #readMissing(request: ScopedRead, scope: Scope, missing: FieldSet): Part {
    const buffer = run(this.#reader, {
      op: 'pids',
      pids: arrayOfPid(request.pid),
      starts: arrayOfStart(request.start),
      fields: missing.bits,
      flags: ReadFlag.wholeSources,
    }) as ArrayBuffer;
    const cacheable = cacheableFields(new Frame(buffer), 0).difference(scope.known);
    if (!cacheable.isEmpty) {
      // Only when there is something to keep: a request may close its own scope and read nothing.
      this.#scopes.set(request.scope, scope);
      scope.parts.push({ buffer, fields: cacheable });
      scope.known = scope.known.union(cacheable);
    }
    return { buffer, fields: cacheable.union(missing) };
  }

  /** The next read of these fields in this scope reads them again. */
  forget(scopeId: number, outdated: FieldSet): void {
    const scope = this.#scopes.get(scopeId);
    if (scope === undefined) return;
    scope.known = scope.known.difference(outdated);
    scope.parts = scope.parts
      .map(({ buffer, fields }) => ({ buffer, fields: fields.difference(outdated) }))
      .filter(({ fields }) => !fields.isEmpty);
  }

  close(scopes: readonly number[]): void {
    for (const scope of scopes) this.#scopes.delete(scope);
  }

  /** Open scopes. */
  get size(): number {
    return this.#scopes.size;
  }
}

interface Scope {
  parts: Part[];
  /** The fields that the parts hold. */
  known: FieldSet;
}

interface Part {
  readonly buffer: ArrayBuffer;
  readonly fields: FieldSet;
}
