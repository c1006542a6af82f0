import { execFileSync } from 'node:child_process';

/** What Python's psutil reports of a process: the value of an expression in which `p` is its `psutil.Process`. */
export function psutil(pid: number, expression: string): unknown {
  const program = `import json, psutil, sys
p = psutil.Process(int(sys.argv[1]))
print(json.dumps(${expression}, default=str))`;
  return JSON.parse(execFileSync('python3', ['-c', program, String(pid)], { encoding: 'utf8' }));
}

/**
 * The values of these attributes of `psutil.Process` for each process; those that could not be read are left out. Named tuples
 * have the members that every version of psutil has, and an I/O class without levels has level 0.
 */
export function psutilOfEach(
  pids: readonly number[],
  attributes: readonly string[],
): ReadonlyMap<number, Readonly<Record<string, unknown>>> {
  const text = execFileSync('python3', ['-c', EACH], {
    encoding: 'utf8',
    input: JSON.stringify({ pids, attributes }),
    maxBuffer: 1 << 28,
  });
  return new Map(JSON.parse(text) as [number, Record<string, unknown>][]);
}

/** Bytes that are not UTF-8 become U+FFFD, as in Node. */
const EACH = `import json, psutil, sys
asked = json.load(sys.stdin)
def decoded(value):
    if isinstance(value, str): return value.encode('utf-8', 'surrogateescape').decode('utf-8', 'replace')
    if isinstance(value, dict): return {decoded(key): decoded(each) for key, each in value.items()}
    return [decoded(each) for each in value] if isinstance(value, (list, tuple)) else value
def read(process, attribute):
    value = getattr(process, attribute)()
    if attribute == 'create_time': return round(value * 1000)
    if attribute == 'name': return value[:15]
    if attribute == 'cmdline': return ' '.join(value).rstrip()
    if attribute == 'threads': return sorted(each.id for each in value)
    if attribute == 'ionice' and value[0] not in (1, 2): return [value[0], 0]
    if attribute == 'num_ctx_switches': return value[:2]
    if attribute == 'memory_info': return value[:4]
    return value
found = []
for pid in asked['pids']:
    values = {}
    for attribute in asked['attributes']:
        try: values[attribute] = decoded(read(psutil.Process(pid), attribute))
        except psutil.Error: pass
    found.append((pid, values))
print(json.dumps(found))`;
