let removed = false;

/**
 * Goes to the root directory where the working directory has been removed: Node starts no thread in such a one, and
 * nothing here depends on it but paths of the command line.
 */
export function leaveIfRemoved(): void {
  try {
    process.cwd();
  } catch {
    process.chdir('/');
    removed = true;
  }
}

/** Whether the working directory that the command was started in has been removed. */
export function isRemoved(): boolean {
  return removed;
}
