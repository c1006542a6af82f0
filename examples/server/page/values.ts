/** How long ago, in the two largest units at most: `3 d 4 h`, `12 min`. */
export function age(began: number, now: number): string {
  return duration((now - began) / 1000);
}

/** The same of seconds. */
export function duration(length: number): string {
  const seconds = Math.max(0, Math.floor(length));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

export function octal(umask: number): string {
  return umask.toString(8).padStart(3, '0');
}

/** A limit with its unit: `8 MiB`, `1024`, `no limit`. */
export function limit(resource: string, value: number | null): string {
  if (value === null) return 'no limit';
  const unit = UNITS[resource] ?? '';
  if (unit !== 'bytes') return `${value.toLocaleString('en')}${unit === '' ? '' : ` ${unit}`}`;
  return bytes(value);
}

/** `8 MiB`, `1.5 GiB`. */
export function bytes(value: number): string {
  const power = value < 1 ? 0 : Math.min(5, Math.floor(Math.log2(value) / 10));
  const scaled = value / 1024 ** power;
  return `${Number.isInteger(scaled) ? scaled : scaled.toFixed(1)} ${['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'][power]}`;
}

/** `1,234,567`. */
export function count(value: number): string {
  return value.toLocaleString('en');
}

/** `2026-11-29 15:57:37`, in the time zone of the reader. */
export function time(at: number): string {
  return new Date(at).toLocaleString('sv-SE');
}

/** `0`, `3.4`, `143`: what is below ten has a digit more. */
export function percent(value: number): string {
  return value === 0 ? '0' : value < 10 ? value.toFixed(1) : String(Math.round(value));
}

/** `RLIMIT_NOFILE` as people say it. */
export function resourceName(resource: string): string {
  return NAMES[resource] ?? resource.replace('RLIMIT_', '').toLowerCase();
}

const UNITS: Readonly<Record<string, string>> = {
  RLIMIT_CPU: 's',
  RLIMIT_FSIZE: 'bytes',
  RLIMIT_DATA: 'bytes',
  RLIMIT_STACK: 'bytes',
  RLIMIT_CORE: 'bytes',
  RLIMIT_RSS: 'bytes',
  RLIMIT_MEMLOCK: 'bytes',
  RLIMIT_AS: 'bytes',
  RLIMIT_MSGQUEUE: 'bytes',
  RLIMIT_RTTIME: 'µs',
};

const NAMES: Readonly<Record<string, string>> = {
  RLIMIT_NOFILE: 'open files',
  RLIMIT_NPROC: 'processes',
  RLIMIT_CPU: 'processor time',
  RLIMIT_FSIZE: 'file size',
  RLIMIT_STACK: 'stack',
  RLIMIT_CORE: 'core file',
  RLIMIT_AS: 'address space',
  RLIMIT_MEMLOCK: 'locked memory',
  RLIMIT_SIGPENDING: 'queued signals',
  RLIMIT_RSS: 'resident memory',
  RLIMIT_LOCKS: 'file locks',
  RLIMIT_MSGQUEUE: 'message queues',
  RLIMIT_NICE: 'nice ceiling',
  RLIMIT_RTPRIO: 'real-time priority',
  RLIMIT_RTTIME: 'real-time slice',
};
