import { takeCoverage } from 'node:v8';
import { afterAll } from 'vitest';

// Forks that vitest ends do not write their coverage of themselves.
afterAll(() => takeCoverage());
