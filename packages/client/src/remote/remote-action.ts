import {
  type Action,
  ActionKind,
  FIELDS,
  type FieldRow,
  MAX_MASK_WORDS,
  type Type,
} from '@psutil-extra/native/protocol';

/** The least and the most of each argument of an action, in the order of `ActionKind`'s comments. */
type Range = readonly [bigint, bigint];

const ALL_THREADS: Range = [0n, 1n];
const ANY_LIMIT: Range = [0n, 2n ** 64n - 1n];

const RANGES: { readonly [kind: number]: readonly Range[] } = {
  [ActionKind.rlimit]: [[0n, 63n], ANY_LIMIT, ANY_LIMIT],
  [ActionKind.nice]: [ALL_THREADS, [-20n, 19n]],
  [ActionKind.ioPriority]: [ALL_THREADS, positionIn('ioPriority', 'class'), [0n, 7n]],
  [ActionKind.scheduler]: [ALL_THREADS, positionIn('scheduler', 'policy'), [0n, 99n]],
  [ActionKind.oomScoreAdj]: [[-1000n, 1000n]],
  [ActionKind.kill]: [[0n, 128n]],
};

/** The action that another machine asks for; `undefined` if its values are none that a client sends. */
export function actionOf(kind: number, values: BigUint64Array): Action | undefined {
  // A thread gets here only what to do; which values it has cached concerns scopes.
  const action: Action = { kind, arguments: values, invalidates: 0 };
  if (kind === ActionKind.affinity) {
    const isMask = values.length >= 2 && values.length <= MAX_MASK_WORDS + 1 && (values[0] as bigint) <= 1n;
    return isMask ? action : undefined;
  }
  const ranges = RANGES[kind];
  if (ranges?.length !== values.length) return undefined;
  const areInRange = ranges.every(([least, most], i) => {
    const value = least < 0n ? BigInt.asIntN(64, values[i] as bigint) : (values[i] as bigint);
    return value >= least && value <= most;
  });
  return areInRange ? action : undefined;
}

/** How many values the answer to an action has at least. */
export function valuesReplaced(kind: number): number {
  if (kind === ActionKind.kill) return 0;
  return kind === ActionKind.rlimit || kind === ActionKind.ioPriority || kind === ActionKind.scheduler ? 2 : 1;
}

/** Whether what an action has replaced are values of what it changes. */
export function areReplaced(kind: number, values: BigUint64Array): boolean {
  if (values.length < valuesReplaced(kind) || values.length > MAX_MASK_WORDS) return false;
  if (kind !== ActionKind.ioPriority && kind !== ActionKind.scheduler) return true;
  return (values[0] as bigint) <= (RANGES[kind]?.[1]?.[1] as bigint);
}

/** The positions of the values of an enum. */
function positionIn(field: string, member: string): Range {
  const { type } = FIELDS.find(({ name }) => name === field) as FieldRow;
  const { members } = type as Extract<Type, { readonly kind: 'struct' }>;
  const { type: of } = members.find(({ name }) => name === member) as { readonly type: Type };
  return [0n, BigInt((of as Extract<Type, { readonly kind: 'enum' }>).values.length - 1)];
}
