/** The library is not installed here. */
export class Missing extends Error {}
