/** What a fleet is asked: what `top` shows of a process. */
export const FIELDS = ['name', 'username', 'cpuTimes', 'memory'] as const;

/** On which every host answers with JSON. */
export const JSON_SUBJECT = 'json';

/** On which every simulated host answers at once, as this package does not. */
export const AT_ONCE = 'at-once';
