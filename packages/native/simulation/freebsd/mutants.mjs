import {
  callsByPid,
  countedFromBoot,
  effectiveGroupFirst,
  limitsOfAny,
  manySignals,
  shared,
} from '../kinfo/mutants.mjs';

const KINFO = 'src/platform/freebsd/process_struct.cc';
const SINGLE = 'src/platform/freebsd/per_process_calls.cc';

/** What must not go unnoticed in FreeBSD's backend. */
export default [
  ...shared,
  ...countedFromBoot,
  ...limitsOfAny,
  ...callsByPid,
  ...effectiveGroupFirst,
  ...manySignals,
  {
    file: KINFO,
    find: 'return info.pid == pid ? Failure{} : gone("sysctl");',
    replace: 'return {};',
    sentence: 'a thread’s id is taken for its process',
  },
  {
    file: KINFO,
    find: 'if (raw.ki_structsize != sizeof raw) return unsupported("sysctl");',
    replace: '',
    sentence: 'a kinfo_proc that says it is of another size is believed',
  },
  {
    file: KINFO,
    find: 'if ((raw.ki_cr_flags & KI_CRF_GRP_OVERFLOW) != 0)',
    replace: 'if (false)',
    sentence: 'groups past sixteen are left out',
  },
  {
    file: KINFO,
    find: '(raw.ki_tdflags & TDF_SINTR) != 0 ? State::kSleeping : State::kDiskSleep',
    replace: 'State::kSleeping',
    sentence: 'a sleep that nothing wakes is any sleep',
  },
  {
    file: SINGLE,
    find: 'if (pid == 0) return unsupported("sysctl");',
    replace: '',
    sentence: 'the kernel has the caller’s umask',
  },
  {
    file: SINGLE,
    find: 'if (size != sizeof umask) return unsupported("sysctl");',
    replace: '',
    sentence: 'a short umask is believed',
  },
  {
    file: SINGLE,
    find: 'if (failure.number == EINVAL && limits.count > 0) return {};',
    replace: '',
    sentence: 'a kernel that knows fewer resources returns none',
  },
  {
    file: SINGLE,
    find: 'if (pid == getpid()) return get_own_rlimits(limits);',
    replace: '',
    sentence: 'one’s own limits are looked up sixteen times',
  },
];
