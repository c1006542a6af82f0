import { basename } from 'node:path';
import { types } from 'node:util';
import { checkNames, invalidType, invalidValue } from './arguments.js';
import { FACT_FIELDS, type Fact, type Facts } from './facts.js';

/** What a text must be: all of it, or a part that a regular expression matches. Of a list, any. */
export type Condition = string | RegExp | readonly (string | RegExp)[];

/**
 * Processes that make a group, and its name. All conditions of a rule must hold; a rule without any holds for every process, and
 * must be the last. The first rule that holds counts. Several rules may have the same `group`.
 */
export interface GroupRule {
  /**
   * The name of the group. `{name}`, `{exe}`, `{user}`, `{cgroup}`, `{container}` and `{cmdline}` stand for what the process has,
   * and `{x}` for what `(?<x>…)` in a condition has matched. Default `'{name}'`.
   */
  readonly group?: string | undefined;
  /** The name of the process as the kernel has it: 15 bytes at most on Linux. */
  readonly name?: Condition | undefined;
  /** The first 8 KiB of the command line, its arguments joined by spaces. */
  readonly cmdline?: Condition | undefined;
  /** The path of the executable. */
  readonly exe?: Condition | undefined;
  /** The name of the effective user, or the number. */
  readonly user?: Condition | undefined;
  /** The path of the control group. */
  readonly cgroup?: Condition | undefined;
  /** The id of the container: 64 hexadecimal digits. */
  readonly container?: Condition | undefined;
}

/** The rules that have a name of their own. */
export const GROUPINGS = {
  name: [{ group: '{name}' }],
  user: [{ group: '{user}' }],
  cgroup: [{ group: '{cgroup}' }],
  container: [{ group: '{container}' }],
} as const satisfies Readonly<Record<string, readonly GroupRule[]>>;

/** What processes have in common: the name of the program, the effective user, the control group, or the container. */
export type Grouping = keyof typeof GROUPINGS;

/** Rules that have been checked. */
export class Rules {
  /** The facts that conditions and names are made of. */
  readonly needs: ReadonlySet<Fact>;
  /** The names that do not depend on the process. Their groups have a place in any case. */
  readonly fixedNames: readonly string[];
  readonly #rules: readonly Rule[];

  constructor(rules: readonly GroupRule[], argument = 'options.groupBy') {
    if (rules.length === 0) throw invalidValue(argument, 'must have a rule', rules);
    this.#rules = rules.map((rule, at) => readRule(rule, `${argument}[${at}]`));
    const open = this.#rules.findIndex(({ conditions }) => conditions.length === 0);
    if (open >= 0 && open < rules.length - 1) {
      const reason = 'has no condition, so that no rule after it can hold: it must be the last';
      throw invalidValue(`${argument}[${open}]`, reason, rules[open]);
    }
    this.needs = new Set(this.#rules.flatMap(({ needs }) => needs));
    this.fixedNames = [...new Set(this.#rules.flatMap(({ isFixed, template }) => (isFixed ? [template] : [])))];
  }

  /** The name of a process's group, as the rule makes it; `undefined` if no rule holds. */
  nameOf(facts: Facts): string | undefined {
    for (const { conditions, template } of this.#rules) {
      const variables = Object.create(null) as Record<string, string>;
      if (conditions.every(({ fact, texts }) => holds(textOf(facts, fact), texts, variables))) {
        return template.replaceAll(VARIABLE, (_, variable: string) => {
          // What a part of a condition would have captured that did not match is empty.
          return variables[variable] ?? (isFact(variable) ? shown(facts, variable) : '');
        });
      }
    }
    return undefined;
  }
}

interface Rule {
  readonly conditions: readonly { readonly fact: Fact; readonly texts: readonly (string | RegExp)[] }[];
  readonly template: string;
  readonly isFixed: boolean;
  readonly needs: readonly Fact[];
}

function readRule(rule: unknown, argument: string): Rule {
  const given = checkNames(argument, rule, ['group', ...FACTS]);
  const template = given['group'] ?? '{name}';
  if (typeof template !== 'string') throw invalidType(`${argument}.group`, 'of type string', template);
  const conditions = FACTS.filter((fact) => given[fact] !== undefined).map((fact) => ({
    fact,
    texts: readTexts(given[fact], `${argument}.${fact}`),
  }));
  const captured = conditions.flatMap(({ texts }) => texts.flatMap(capturesOf));
  const variables = Array.from(template.matchAll(VARIABLE), ([, name = '']) => name);
  for (const name of variables) {
    if (captured.includes(name) || isFact(name)) continue;
    const known = [...FACTS, ...captured].map((each) => `{${each}}`).join(', ');
    throw invalidValue(`${argument}.group`, `knows ${known}, and no {${name}}`, template);
  }
  return {
    conditions,
    template,
    isFixed: variables.length === 0,
    needs: [...conditions.map(({ fact }) => fact), ...variables.filter(isFact)],
  };
}

function readTexts(condition: unknown, argument: string): (string | RegExp)[] {
  const texts: readonly unknown[] = Array.isArray(condition) ? condition : [condition];
  if (texts.length === 0) throw invalidValue(argument, 'must have a text', condition);
  return texts.map((text) => {
    if (typeof text === 'string') return text;
    if (!types.isRegExp(text)) throw invalidType(argument, 'of type string, a RegExp, or a list of these', text);
    // Flags `g` and `y` would let it begin where the last match has ended.
    return new RegExp(text.source, text.flags.replace(/[gy]/g, ''));
  });
}

function capturesOf(text: string | RegExp): string[] {
  return typeof text === 'string' ? [] : Array.from(text.source.matchAll(CAPTURE), ([, name = '']) => name);
}

function holds(text: string, texts: readonly (string | RegExp)[], variables: Record<string, string>): boolean {
  return texts.some((each) => {
    if (typeof each === 'string') return each === text;
    const match = each.exec(text);
    for (const [name, value] of Object.entries(match?.groups ?? {})) variables[name] ??= value ?? '';
    return match !== null;
  });
}

function textOf(facts: Facts, fact: Fact): string {
  return facts[fact] ?? '';
}

/** What stands in the name of a group. */
function shown(facts: Facts, variable: Fact): string {
  switch (variable) {
    case 'name':
      return programName(facts);
    // A container is called by the digits that its tools print.
    case 'container':
      return facts.container?.slice(0, SHORT_ID) ?? HOST;
    case 'cgroup':
      return facts.cgroup ?? NONE;
    case 'user':
      return facts.user ?? UNKNOWN;
    case 'exe':
      return facts.exe ?? programName(facts);
    case 'cmdline':
      return facts.cmdline || programName(facts);
  }
}

/**
 * There are dozens of kernel threads, with names that come and go: they are one program. Since version 24 each Node.js program is
 * called `MainThread`, so its file counts.
 */
function programName({ name, isKernel, program }: Facts): string {
  if (isKernel) return KERNEL;
  return name === MAIN_THREAD && program !== undefined ? basename(program) : name;
}

function isFact(name: string): name is Fact {
  return Object.hasOwn(FACT_FIELDS, name);
}

const FACTS = Object.keys(FACT_FIELDS) as Fact[];
const VARIABLE = /\{(\w+)\}/g;
const CAPTURE = /\(\?<([A-Za-z_$][\w$]*)>/g;
const SHORT_ID = 12;
/** The name of each Node.js program since version 24, whatever it runs. */
export const MAIN_THREAD = 'MainThread';
const KERNEL = 'kernel';
const HOST = 'host';
const NONE = 'none';
const UNKNOWN = 'unknown';
