import { countedFromBoot, shared, walks } from '../bsd/mutants.mjs';

const KINFO = 'src/platform/openbsd/kinfo.cc';
const SINGLE = 'src/platform/openbsd/per_process_calls.cc';

/** What must not go unnoticed in OpenBSD's backend. */
export default [
  ...shared,
  ...countedFromBoot,
  ...walks,
  {
    file: 'src/platform/bsd/process_table.cc',
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
    find: 'if (raw.p_sid != 0 || raw.p__pgid == 0) info.present',
    replace: 'info.present',
    sentence: 'a session whose leader has gone is 0',
  },
  {
    file: KINFO,
    find: 'if (raw.p_sid != 0 || raw.p__pgid == 0)',
    replace: 'if (raw.p_sid != 0)',
    sentence: 'the kernel’s session is not returned',
  },
  {
    file: KINFO,
    find: 'if (raw.p_uvalid != 0) info.present',
    replace: 'info.present',
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
    find: 'if (raw.p_tid == kNoThread) {',
    replace: 'if (true) {',
    sentence: 'a thread is taken for a process',
  },
  {
    file: KINFO,
    find: 'return failure.number == EINVAL ? unsupported("sysctl") : failure;',
    replace: 'return failure;',
    sentence: 'a kernel with a smaller struct is misused, where threads are asked for',
  },
  {
    file: KINFO,
    find: 'if (failure.number == EINVAL) return unsupported("sysctl");',
    replace: '',
    sentence: 'a kernel with a smaller struct is misused',
  },
  {
    file: KINFO,
    find: 'if (bytes.size() % kSize != 0) return unsupported("sysctl");',
    replace: '',
    sentence: 'what is cut off is believed',
  },
  {
    file: KINFO,
    find: 'if (one.size() == 0) return gone("sysctl");',
    replace: 'if (one.size() == 0) return unsupported("sysctl");',
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
    find: 'const double kStartTolerance = 1;',
    replace: 'const double kStartTolerance = 0;',
    sentence: 'a process is gone when a set clock rounds its start another way',
  },
  {
    file: SINGLE,
    find: '|| pid != getpid()) return unsupported("getrlimit");',
    replace: ') return unsupported("getrlimit");',
    sentence: 'the caller’s limits are returned as those of another',
  },
  {
    file: SINGLE,
    find: 'pid == getpid() ? set_own_rlimit(resource, limit, before) : unsupported("setrlimit")',
    replace: 'set_own_rlimit(resource, limit, before)',
    sentence: 'the caller’s limit is set for that of another',
  },
  {
    file: 'src/platform/bsd/process_reader.cc',
    find: 'asked |= failure.kind != Failure::Kind::kUnsupported;',
    replace: 'asked = true;',
    sentence: 'a process is looked up again though nothing was asked of it',
  },
];
