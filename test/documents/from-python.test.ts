import { execFileSync } from 'node:child_process';
import * as api from 'psutil-extra';
import { describe, expect, it } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { codeIn, read, tableOf } from './markdown.js';

const PAGE = 'site/pages/from/psutil-extra.md';
const CLASSES: Readonly<Record<string, unknown>> = { ...api };

describe('the page for those who come from Python', () => {
  const rows = tableOf(PAGE, ['psutil', 'here']).map(([theirs = '', ours = '']) => ({
    theirs: codeIn(theirs).join(),
    ours: codeIn(ours),
  }));

  it.each(rows)('$theirs is $ours, each a class of the one that is named after it', ({ ours }) => {
    const [own, base = 'ProcessError'] = ours;
    const [Own, Base] = [CLASSES[String(own)], CLASSES[base]] as [typeof Error, typeof Error];
    expect(Own).toBeTypeOf('function');
    expect(Own === Base || Own.prototype instanceof Base).toBe(true);
  });

  it('names exceptions that psutil has, of the same descent', ({ skip }) => {
    skip(...lacking.psutil);
    const program = `
import psutil, sys
classes = {"ProcessError": psutil.Error, **{ours: getattr(psutil, theirs.split(".")[1])
           for theirs, ours in (each.split("=") for each in sys.argv[1:])}}
for row in sys.argv[1:]:
    assert issubclass(classes[row.split("=")[1]], psutil.Error), row
assert issubclass(classes["ZombieProcessError"], classes["NoSuchProcessError"])
print(len(classes))`;
    const output = execFileSync('python3', ['-c', program, ...rows.map(({ theirs, ours }) => `${theirs}=${ours[0]}`)]);
    expect(output.toString()).toBe(`${rows.length}\n`);
  });

  it('names only calls of psutil-extra that stand in its table', () => {
    const known = tableOf(PAGE, ['psutil-extra (Python)', 'here']).flatMap(([theirs = '']) => codeIn(theirs));
    const named = codeIn(read(PAGE)).flatMap((code) => code.match(/\b(?:proc_\w+|oneshot_proc|process_iter)\b/g) ?? []);
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((name) => !known.some((each) => each.includes(name)))).toEqual([]);
  });
});
