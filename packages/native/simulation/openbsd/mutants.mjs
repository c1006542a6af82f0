import { countedFromBoot, fewGroups, limitsOfSelf, shared, walks } from '../kinfo/mutants.mjs';

const KINFO = 'src/platform/openbsd/process_struct.cc';
const SINGLE = 'src/platform/openbsd/per_process_calls.cc';

/** What must not go unnoticed in OpenBSD's backend. */
export default [
  ...shared,
  ...countedFromBoot,
  ...walks,
  ...limitsOfSelf,
  ...fewGroups,
  {
    file: 'src/platform/kinfo/process_table.cc',
    find: 'order_.resize(static_cast<size_t>(unique - begin));',
    replace: '',
    sentence: 'a process that ends during the call is there twice',
  },
  {
    file: KINFO,
    find: 'KERN_PROC_KTHREAD',
    replace: 'KERN_PROC_ALL',
    sentence: 'the kernel’s own processes are left out',
  },
  {
    file: KINFO,
    find: 'offsetof(kinfo_proc, p_pledge)',
    replace: 'sizeof(kinfo_proc)',
    sentence: 'more of the struct is asked for than is needed',
  },
  {
    file: KINFO,
    find: 'if (raw.p_sid == 0 && raw.p__pgid != 0) info.present &= ~bit(Field::sid);',
    replace: '',
    sentence: 'a session whose leader has gone is 0',
  },
  {
    file: KINFO,
    find: 'if (raw.p_sid == 0 && raw.p__pgid != 0)',
    replace: 'if (raw.p_sid == 0)',
    sentence: 'the kernel’s session is not returned',
  },
  {
    file: KINFO,
    find: 'if (raw.p_uvalid == 0) info.present &= ~bit(Field::startTime);',
    replace: '',
    sentence: 'a zombie began in 1970',
  },
  {
    file: KINFO,
    find: 'info.threads++;',
    replace: 'info.threads = 1;',
    sentence: 'every process has one thread',
  },
  {
    file: KINFO,
    find: 'if ((fields & bit(Field::threads)) != 0) what |= KERN_PROC_SHOW_THREADS;',
    replace: '',
    sentence: 'threads are not asked for',
  },
  {
    file: KINFO,
    find: 'if (raw.p_tid == kNoThread) return',
    replace: 'return',
    sentence: 'a thread is taken for a process',
  },
  {
    file: KINFO,
    find: 'return failure.number == kSizeError ? unsupported("sysctl") : failure;',
    replace: 'return failure;',
    sentence: 'a kernel with a smaller struct is misused, where threads are asked for',
  },
  {
    file: KINFO,
    find: 'read_struct(mib, &raw, kSize, kSizeError)',
    replace: 'read_struct(mib, &raw, kSize)',
    sentence: 'a kernel with a smaller struct is misused',
  },
  {
    file: KINFO,
    find: 'if (found.size() == 0) return gone("sysctl");',
    replace: 'if (found.size() == 0) return unsupported("sysctl");',
    sentence: 'no bytes are no answer, rather than no process',
  },
  {
    file: KINFO,
    find: 'if ((raw.p_psflags & PS_ZOMBIE) != 0) return State::kZombie;',
    replace: '',
    sentence: 'a zombie is dead',
  },
  {
    file: KINFO,
    find: '(raw.p_flag & P_SINTR) != 0 ? State::kSleeping : State::kDiskSleep',
    replace: 'State::kSleeping',
    sentence: 'a sleep that nothing wakes is any sleep',
  },
  {
    file: KINFO,
    find: 'true, 1};',
    replace: 'true, 0};',
    sentence: 'a process is gone when a set clock rounds its start another way',
  },
  {
    file: SINGLE,
    find: 'if (info.pid != getpid()) return unsupported("getrlimit");',
    replace: '',
    sentence: 'the caller’s limits are returned as those of another',
  },
  {
    file: 'src/platform/kinfo/process_reader.cc',
    find: 'asked |= failure.kind != Failure::Kind::kUnsupported;',
    replace: 'asked = true;',
    sentence: 'a process is looked up again though nothing was asked of it',
  },
];
