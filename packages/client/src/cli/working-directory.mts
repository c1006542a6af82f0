let removed = false;

/**
 * Changes to the root directory if the working directory has been removed: Node starts no thread in a removed directory, and
 * only paths of the command line depend on it.
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
