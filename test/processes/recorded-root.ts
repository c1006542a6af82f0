import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { until } from './until.js';

/** A folder that is laid out like /proc, for `procRoot`; removed when it goes out of scope. */
export class RecordedRoot implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'psutil-extra-root-'));
  /** The writing end of each slow process's pipe. */
  readonly #slow = new Map<number, { pipe: string; file: number }>();

  constructor() {
    writeFileSync(join(this.path, 'stat'), `cpu  1 2 3 4\nbtime ${RECORDED_BOOT}\nprocesses 3\n`);
  }

  /** A process with these files. */
  add(pid: number, files: Readonly<Record<string, string | Uint8Array>> = recorded(pid)): void {
    for (const [name, text] of Object.entries(files)) {
      const path = join(this.path, String(pid), name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
  }

  /** A process whose `status` can be read only after {@link release}: until then the thread that reads it is held.
   * Once released it can be made slow again, and so can one that was not slow. */
  addSlow(pid: number): void {
    const pipe = join(this.path, String(pid), 'status');
    mkdirSync(join(this.path, String(pid)), { recursive: true });
    rmSync(pipe, { force: true });
    execFileSync('mkfifo', [pipe]);
    // Opened for both ends, a pipe does not wait for another reader.
    this.#slow.set(pid, { pipe, file: openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK) });
  }

  /** Whether a thread of this program is in the read of a slow process. */
  isHeld(pid: number): boolean {
    const slow = this.#slow.get(pid);
    if (slow === undefined) throw new Error(`process ${pid} is not slow`);
    return readdirSync('/proc/self/fd').some((file) => file !== String(slow.file) && linkOf(file) === slow.pipe);
  }

  /** Resolves when a thread of this program is in the read of a slow process. */
  held(pid: number): Promise<boolean> {
    return until(`a thread reads process ${pid}`, () => this.isHeld(pid));
  }

  /** Lets the read of a slow process, which has begun, come to its end. */
  release(pid: number): void {
    const slow = this.#slow.get(pid);
    if (slow === undefined) return;
    this.#slow.delete(pid);
    writeSync(slow.file, recorded(pid).status);
    closeSync(slow.file);
  }

  [Symbol.dispose](): void {
    for (const pid of this.#slow.keys()) this.release(pid);
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** The files of a process as a kernel wrote them. */
export function recorded(pid: number): Record<'status' | 'stat' | 'limits', string> {
  return {
    status: STATUS.replaceAll('4321', String(pid)),
    stat: STAT.replaceAll('4321', String(pid)),
    limits: LIMITS,
  };
}

function linkOf(file: string): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${file}`);
  } catch {
    // Closed since it was listed.
    return undefined;
  }
}

/** Seconds since the epoch. */
export const RECORDED_BOOT = 1_700_000_000;

const STATUS = `Name:	recorded
Umask:	0027
State:	S (sleeping)
Tgid:	4321
Ngid:	0
Pid:	4321
PPid:	77
TracerPid:	0
Uid:	1000	1001	1002	1003
Gid:	100	101	102	103
FDSize:	64
Groups:	4 24 27 
NStgid:	4321
NSpid:	4321
NSpgid:	4300
NSsid:	4200
Kthread:	0
Threads:	3
SigQ:	0/96365
SigPnd:	0000000000000000
ShdPnd:	0000000000000400
SigBlk:	0000000000010000
SigIgn:	0000000000001000
SigCgt:	0000000180014a07
`;
const STAT =
  '4321 (recorded) S 77 4300 4200 0 -1 4194560 80 0 0 0 0 0 0 0 20 0 3 0 12345 2846720 256 18446744073709551615 1 1 0 0 0 0 0 0 0 1 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n';
const LIMITS = `Limit                     Soft Limit           Hard Limit           Units     
Max cpu time              unlimited            unlimited            seconds   
Max file size             unlimited            unlimited            bytes     
Max data size             unlimited            unlimited            bytes     
Max stack size            8388608              unlimited            bytes     
Max core file size        0                    unlimited            bytes     
Max resident set          unlimited            unlimited            bytes     
Max processes             96365                96365                processes 
Max open files            1024                 524288               files     
Max locked memory         8388608              8388608              bytes     
Max address space         unlimited            unlimited            bytes     
Max file locks            unlimited            unlimited            locks     
Max pending signals       96365                96365                signals   
Max msgqueue size         819200               819200               bytes     
Max nice priority         0                    0                    
Max realtime priority     0                    0                    
Max realtime timeout      unlimited            unlimited            us        
`;
