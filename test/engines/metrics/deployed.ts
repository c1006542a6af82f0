import { fileURLToPath } from 'node:url';

/** A file of the folder `deploy`. */
export function deployed(name: string): string {
  return fileURLToPath(new URL(`../../../packages/metrics/deploy/${name}`, import.meta.url));
}
