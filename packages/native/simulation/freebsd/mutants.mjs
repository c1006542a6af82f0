import { countedFromBoot, limitsOfAny, shared } from '../bsd/mutants.mjs';

const KINFO = 'src/platform/freebsd/kinfo.cc';
const SINGLE = 'src/platform/freebsd/per_process_calls.cc';

/** What must not go unnoticed in FreeBSD's backend. */
export default [
  ...shared,
  ...countedFromBoot,
  ...limitsOfAny,
  {
    file: 'src/platform/bsd/kinfo.h',
    find: 'std::memcpy(sigmasks.sets[set], &raw, sizeof raw);',
    replace: 'std::memcpy(sigmasks.sets[set], &raw, 4);',
    sentence: 'signals past 32 are dropped',
  },
  {
    file: KINFO,
    find: 'return info.pid == pid ? Failure{} : gone("sysctl");',
    replace: 'return {};',
    sentence: 'a thread’s id is taken for its process',
  },
  {
    file: KINFO,
    find: 'if (size != sizeof raw || raw.ki_structsize != sizeof raw)',
    replace: 'if (size != sizeof raw)',
    sentence: 'a kinfo_proc that says it is of another size is believed',
  },
  {
    file: KINFO,
    find: 'if (size != sizeof raw || raw.ki_structsize',
    replace: 'if (raw.ki_structsize',
    sentence: 'a kinfo_proc that is short is read beyond its end',
  },
  {
    file: KINFO,
    find: '(count > 0 && raw->ki_structsize != sizeof *raw)',
    replace: 'false',
    sentence: 'a list of another kinfo_proc is believed',
  },
  {
    file: KINFO,
    find: 'if ((raw.ki_cr_flags & KI_CRF_GRP_OVERFLOW) == 0) info.set_groups',
    replace: 'info.set_groups',
    sentence: 'groups past sixteen are left out',
  },
  {
    file: KINFO,
    find: 'if (raw.ki_ngroups > 0) info.present',
    replace: 'info.present',
    sentence: 'an effective group is returned where there is none',
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
