/** What a promise rejects with; fails where it does not. */
export async function rejection<E extends Error = Error & { code?: string }>(promise: Promise<unknown>): Promise<E> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return error as E;
  }
  throw new Error(`expected a rejection, got ${JSON.stringify(value)}`);
}

/** The same of several that are made at once: each is waited for from the beginning, so that none is unhandled. */
export function rejections(promises: readonly Promise<unknown>[]): Promise<(Error & { code?: string })[]> {
  return Promise.all(promises.map((each) => rejection(each)));
}
