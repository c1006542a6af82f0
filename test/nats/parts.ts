/** A part of an answer as psutil-extra makes it, with so many bytes behind its beginning. */
export function partOf(number: number, bytes: number, isLast = false): Uint8Array {
  const part = new Uint8Array(16 + bytes);
  part[3] = isLast ? 1 : 0;
  part[4] = number;
  return part;
}
