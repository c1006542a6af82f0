import { afterAll } from 'vitest';
import { simulated } from './simulation.js';

// Forks that vitest ends do not write which lines of the addon they ran.
afterAll(() => simulated()?.simulation.writeProfile());
