/** The fields that also return their bytes, with `{ encoding: 'buffer' }`. */
export type TextField = 'name' | 'cmdline' | 'exe' | 'cwd' | 'environ';

/** What each of them returns then. */
export interface TextBytes {
  name: Buffer;
  cmdline: Buffer[];
  exe: Buffer | null;
  cwd: Buffer;
  environ: Record<string, Buffer>;
}
