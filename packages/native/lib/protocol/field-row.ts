/** A field: one row of `schema/fields.mjs`. */
export interface FieldRow {
  /** The method, the column of a scan, the key of a snapshot. */
  readonly name: string;
  /** How it is stored and sent. */
  readonly type: Type;
  /** The type in one line, which an addon has too. */
  readonly signature: string;
  readonly storage: Storage;
  /** What the client makes of it, where that is not the type's own value. */
  readonly view: string | null;
  /** How it is written for people, where the type does not say it: `mode` is octal. */
  readonly format: string | null;
  /** What a read of it costs. */
  readonly cost: Cost;
  /** Whether `null` is a value: the process has none. */
  readonly nullable: boolean;
  /** Whether on Linux reading it of another user's process takes CAP_SYS_PTRACE. */
  readonly ptrace: boolean;
}

/** A logical type; each has one writer, one decoder, one column and one formatter. */
export type Type =
  | { readonly kind: 'bool' | 'i32' | 'u32' | 'i64' | 'f64' | 'text' | 'bytes' }
  | { readonly kind: 'u64'; readonly bigint?: boolean }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'list'; readonly item: Type }
  | { readonly kind: 'struct'; readonly members: readonly Member[] };

export type Kind = Type['kind'];

export interface Member {
  readonly name: string;
  readonly type: Type;
  readonly optional: boolean;
}

/** A number, several numbers, or bytes of any length in a dictionary. */
export type Storage = 'fixed' | 'struct' | 'variable';

export type Cost = 'free' | 'cheap' | 'expensive' | 'may block';
