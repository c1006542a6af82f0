import type { WireError } from '@psutil-extra/worker';

/** What calls get that still wait when the client ends them. */
export const CLOSED: WireError = { name: 'Error', message: 'closed', code: 'ERR_WORKER_DIED', stack: '' };
