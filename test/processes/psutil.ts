import { execFileSync } from 'node:child_process';

/** What Python's psutil reports of a process: the value of an expression in which `p` is its `psutil.Process`. */
export function psutil(pid: number, expression: string): unknown {
  const program = `import json, psutil, sys
p = psutil.Process(int(sys.argv[1]))
print(json.dumps(${expression}, default=str))`;
  return JSON.parse(execFileSync('python3', ['-c', program, String(pid)], { encoding: 'utf8' }));
}
