import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A field that is added by hand: what is done to each file, by its path. */
export interface Addition {
  readonly field: string;
  readonly files: Readonly<Record<string, Edit>>;
}

/** The text of a new file, or a text that is put before or behind one that stands once in a file. */
export type Edit =
  | string
  | { readonly before: string; readonly put: string }
  | { readonly behind: string; readonly put: string };

/** Makes the edits in a copy of the repository. */
export function apply({ field, files }: Addition, root: string): void {
  for (const [path, edit] of Object.entries(files)) {
    const file = join(root, path);
    if (typeof edit === 'string') {
      writeFileSync(file, edit, { flag: 'wx' });
      continue;
    }
    const anchor = 'before' in edit ? edit.before : edit.behind;
    const parts = readFileSync(file, 'utf8').split(anchor);
    if (parts.length !== 2)
      throw new Error(`${field}: ${path} has ${parts.length - 1} times ${JSON.stringify(anchor)}`);
    writeFileSync(file, parts.join('before' in edit ? edit.put + anchor : anchor + edit.put));
  }
}
