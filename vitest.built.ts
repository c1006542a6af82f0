/**
 * What is built is loaded by Node, as in a program: Vitest would take some of its files in hand and leave others to Node, and
 * a test would see two copies of the same class.
 */
export const BUILT = { deps: { external: [/\/packages\/[^/]+\/dist\//] } };
