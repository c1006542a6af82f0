/** Every method that sets a field. A client has them before it loads what they do. */
export const SETTER_NAMES = ['setNice', 'setIoPriority', 'setAffinity', 'setScheduler', 'setOomScoreAdj'] as const;
export type SetterName = (typeof SETTER_NAMES)[number];
