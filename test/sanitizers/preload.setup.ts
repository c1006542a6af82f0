import { withholdPreload } from '../processes/preload.js';

withholdPreload();
// A fork that is ended by a signal says nothing of what it has leaked.
process.once('SIGTERM', () => process.exit());
