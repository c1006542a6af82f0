import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { folder } from './compile.js';
import { LIBRARIES, PYTHON, python } from './libraries.js';
import { MANY, type Sampled, SHOWN } from './sampled.js';

/** A program that samples every process once a second. */
export interface Monitor {
  readonly name: string;
  readonly reports: string;
  readonly install: string;
  /** Which limit it has, where it is ours. */
  readonly limit?: number;
  readonly command: () => Promise<readonly [string, ...string[]]>;
  readonly takes: Takes;
}

/** How one knows that it has taken a sample. */
export type Takes =
  /** Each sample begins with this in its output. */
  | { readonly by: 'output'; readonly mark: string }
  /** It takes one for each request; the last of its arguments is its address. */
  | { readonly by: 'request' }
  /** It takes one a second, or less, and is a child of what is started, with this name. */
  | { readonly by: 'time'; readonly program: string };

const PRINTS = { by: 'output', mark: 'sample' } as const;

/** Ours, and the others. */
export const MONITORS: readonly Monitor[] = [
  ours('files', { source: 'procfs', maxDescriptors: MANY }, 0.5),
  ours('files, with the usual number of descriptors', { source: 'procfs' }),
  ours('BPF', { source: 'bpf' }, 0.1),
  {
    name: 'top -b -d1',
    reports: 'its default columns, as text',
    install: 'apt install procps',
    command: async () => ['top', '-b', '-d1', '-w', '160'],
    takes: { by: 'output', mark: 'top - ' },
  },
  {
    // It has no batch mode: it draws on a terminal that script(1) makes.
    name: 'htop -d 10',
    reports: 'its default columns, on a terminal of 50 lines',
    install: 'apt install htop bsdutils',
    command: async () => [
      'script',
      '--quiet',
      '--flush',
      '--return',
      '--command',
      'command -v htop >/dev/null || exit 127; stty rows 50 cols 160; TERM=xterm exec htop -d 10',
      '/dev/null',
    ],
    takes: { by: 'time', program: 'htop' },
  },
  {
    ...PYTHON,
    reports: '`process_iter`: name, cpu_percent, memory_info',
    command: async () => [python(), folder('python/sample.py')],
    takes: PRINTS,
  },
  ...LIBRARIES.filter(({ name }) => name === 'pidusage' || name === 'systeminformation').map(
    ({ name, reports, install }): Monitor => ({
      name,
      reports,
      install,
      command: async () => subject('scans', name),
      takes: PRINTS,
    }),
  ),
  {
    name: 'process-exporter (Go)',
    reports: 'each process added to its name, as metrics, without threads and smaps',
    install: 'apt install prometheus-process-exporter',
    command: async () => [
      'prometheus-process-exporter',
      '-threads=false',
      '-gather-smaps=false',
      '-config.path',
      everyName(),
      '-web.listen-address',
      `127.0.0.1:${await freePort()}`,
    ],
    takes: { by: 'request' },
  },
];

function ours(how: string, sampled: Sampled, limit?: number): Monitor {
  return {
    name: `psutil-extra, ${how}`,
    reports: SHOWN.join(', '),
    install: sampled.source === 'bpf' ? 'CAP_BPF and CAP_PERFMON: docs/bpf.md' : 'npm run build',
    ...(limit === undefined ? undefined : { limit }),
    command: async () => subject('samples', JSON.stringify(sampled)),
    takes: PRINTS,
  };
}

function subject(task: string, argument: string): [string, ...string[]] {
  return [process.execPath, folder('dist/subject/main.js'), task, argument];
}

/** The exporter's configuration: without one it looks at no process. */
function everyName(): string {
  const path = folder('build/process-exporter.yml');
  mkdirSync(folder('build'), { recursive: true });
  writeFileSync(path, `process_names:\n  - name: "{{.Comm}}"\n    cmdline: ['.+']\n`);
  return path;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
