import { loadAddon } from '@psutil-extra/native';
import type { ClientOptions } from 'psutil-extra';

/** The kernel's sources of events, by the option that chooses each, and why it is not tested here if it does not work. */
export const SOURCES: readonly [KernelSource, KernelSource] = [
  { name: 'bpf', options: { threads: 1, source: 'bpf' }, lacking: lackingOf(0) },
  { name: 'netlink', options: { threads: 1, source: 'procfs' }, lacking: lackingOf(1) },
];

interface KernelSource {
  readonly name: 'bpf' | 'netlink';
  readonly options: ClientOptions;
  readonly lacking: [boolean, string];
}

/** Whether one of them works. */
export const noEvents: [boolean, string] = [
  SOURCES.every(({ lacking: [isLacking] }) => isLacking),
  'neither BPF nor the process connector works here',
];

function lackingOf(source: number): [boolean, string] {
  const { EventReader, capabilities } = loadAddon();
  const name = capabilities.eventSources[source];
  if (name === undefined) return [true, 'this system has no events of processes'];
  const reader = new EventReader();
  try {
    const opened = reader.open(1 << source, () => {});
    if ('source' in opened) return [false, ''];
    return [true, `${name} does not work here: ${opened[source]?.about ?? opened[source]?.code}`];
  } finally {
    reader.close();
  }
}
