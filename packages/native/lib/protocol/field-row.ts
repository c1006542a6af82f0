/** A field: one row of `schema/fields.mjs`. */
export interface FieldRow {
  /** The method, the column of a scan, the key of a snapshot. */
  readonly name: string;
  /** How it is stored and sent. */
  readonly type: Type;
  /** The type in one line, which an addon has too. */
  readonly signature: string;
  readonly storage: Storage;
  /** The client's value, if that is not the value of the type. */
  readonly view: string | null;
  /** How the command writes it, if the type does not decide that: `mode` is octal. */
  readonly format: string | null;
  /** What a read of it costs. */
  readonly cost: Cost;
  /** Whether `null` is a value: the process has none. */
  readonly nullable: boolean;
  /** Whether on Linux it takes CAP_SYS_PTRACE to read it of another user's process. */
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
