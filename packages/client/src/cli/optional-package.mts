/**
 * Loads a package that most users never need, such as one that brings WebAssembly: it is an optional peer, and not installed
 * with this one. Its types are the caller's, because a package that uses this one is compiled after it.
 *
 * @param askedBy the command or option that needs it.
 */
export async function optionalPackage(name: string, askedBy: string): Promise<unknown> {
  try {
    return await import(name);
  } catch (error) {
    // Another error if it is installed, and one of its own dependencies is missing.
    if (!(error as Error).message.includes(`'${name}'`)) throw error;
    throw new Error(
      `${askedBy} needs the package ${name}, which is not installed: npm install ${name} (with npx: npx -p psutil-extra -p ${name} psutil-extra …)`,
      { cause: error },
    );
  }
}
