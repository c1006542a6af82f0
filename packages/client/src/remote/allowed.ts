import { ActionKind, FIELD_INDEX, FieldSet, NO_FIELDS } from '@psutil-extra/native/protocol';

/**
 * What a responder allows only if it is named: to read command lines and environments, which may hold secrets, and each change to
 * a process.
 */
export type Allowed =
  | 'cmdline'
  | 'environ'
  | 'kill'
  | 'rlimit'
  | 'setNice'
  | 'setIoPriority'
  | 'setAffinity'
  | 'setScheduler'
  | 'setOomScoreAdj';

/** The names of fields that are read only if they are allowed. */
const SECRET = ['cmdline', 'environ'] as const satisfies readonly Allowed[];

/** The names of actions, by their kind. */
const ACTIONS: { readonly [kind: number]: Allowed } = {
  [ActionKind.rlimit]: 'rlimit',
  [ActionKind.nice]: 'setNice',
  [ActionKind.ioPriority]: 'setIoPriority',
  [ActionKind.affinity]: 'setAffinity',
  [ActionKind.scheduler]: 'setScheduler',
  [ActionKind.oomScoreAdj]: 'setOomScoreAdj',
  [ActionKind.kill]: 'kill',
};

/** @internal Every name. */
export const ALLOWED: readonly Allowed[] = [...SECRET, ...Object.values(ACTIONS)];

/** @internal The name that allows an action; `undefined` if there is no such action. */
export function nameOfAction(kind: number): Allowed | undefined {
  return Object.hasOwn(ACTIONS, kind) ? ACTIONS[kind] : undefined;
}

/** @internal The fields that are not read. */
export function withheldFields(allowed: ReadonlySet<Allowed>): FieldSet {
  return SECRET.reduce(
    (fields, name) => (allowed.has(name) ? fields : fields.union(FieldSet.of(FIELD_INDEX[name]))),
    NO_FIELDS,
  );
}

/** @internal Which of those names fields have. */
export function secretsIn(fields: FieldSet): Allowed[] {
  return SECRET.filter((name) => fields.has(FIELD_INDEX[name]));
}

/** @internal Of a set of actions, a bit each, those that are allowed. */
export function allowedActions(actions: number, allowed: ReadonlySet<Allowed>): number {
  return Object.entries(ACTIONS).reduce((bits, [kind, name]) => {
    const bit = 1 << Number(kind);
    return allowed.has(name) ? bits : bits & ~bit;
  }, actions);
}
