import { callsByPid, fewGroups, limitsOfAny, manySignals, shared, walks } from '../kinfo/mutants.mjs';

const KINFO = 'src/platform/netbsd/process_struct.cc';
const SINGLE = 'src/platform/netbsd/per_process_calls.cc';

/** What must not go unnoticed in NetBSD's backend. */
export default [
  ...shared,
  ...limitsOfAny,
  ...callsByPid,
  ...walks,
  ...fewGroups,
  ...manySignals,
  {
    file: 'src/platform/kinfo/kinfo.cc',
    find: 'failure = failure_of(EBUSY, "sysctl");',
    replace: '',
    sentence: 'what is missing for a moment was never supported',
  },
  {
    file: KINFO,
    find: 'if (raw.p_uvalid == 0) info.present &= ~kThreadFields;',
    replace: '',
    sentence: 'a start is returned that the kernel has not filled in',
  },
  {
    file: KINFO,
    find: 'if (info.began == before && !info.is_zombie()) info.present &= ~kThreadFields;',
    replace: '',
    sentence: 'the start of the one before in the list is returned',
  },
  {
    file: KINFO,
    find: '& ~bit(Field::startTime);',
    replace: ';',
    sentence: 'a zombie has the start of another one',
  },
  {
    file: KINFO,
    find: '(raw.p_flag & L_SINTR) != 0 ? State::kSleeping : State::kDiskSleep',
    replace: 'State::kSleeping',
    sentence: 'a sleep that nothing wakes is any sleep',
  },
  {
    file: KINFO,
    find: 'switch (raw.p_realstat) {',
    replace: 'switch (0) {',
    sentence: 'a zombie’s state is read as a thread’s',
  },
  {
    file: SINGLE,
    find: '{CTL_PROC, pid, PROC_PID_LIMIT, resource + 1, which}',
    replace: '{CTL_PROC, pid, PROC_PID_LIMIT, resource, which}',
    sentence: 'a limit is that of the resource before',
  },
  {
    file: SINGLE,
    find: 'failure.ok() && size != sizeof value ? unsupported("sysctl") : failure',
    replace: 'failure',
    sentence: 'a short limit is believed',
  },
  {
    file: SINGLE,
    find: 'const bool soft_first = after.rlim_cur <= before.rlim_max;',
    replace: 'const bool soft_first = true;',
    sentence: 'a soft limit is raised above the hard one that stands',
  },
  {
    file: SINGLE,
    find: 'const bool soft_first = after.rlim_cur <= before.rlim_max;',
    replace: 'const bool soft_first = false;',
    sentence: 'a hard limit is lowered below the soft one that stands',
  },
  {
    file: SINGLE,
    find: 'after.rlim_cur < hard ? after.rlim_cur : hard',
    replace: 'after.rlim_cur',
    sentence: 'a limit is set above the maximum of the kernel',
  },
  {
    file: SINGLE,
    find: 'if (!failure.ok()) write_one(pid, resource, first',
    replace: 'if (false) write_one(pid, resource, first',
    sentence: 'half of a refused set stays',
  },
  {
    file: SINGLE,
    find: 'soft_first ? before.rlim_cur : before.rlim_max);\n  return',
    replace: 'soft_first ? before.rlim_max : before.rlim_cur);\n  return',
    sentence: 'what is put back is the other limit',
  },
  {
    file: SINGLE,
    find: 'if (after.rlim_cur > after.rlim_max) return failure_of(EINVAL, "sysctl");',
    replace: '',
    sentence: 'soft above hard is tried',
  },
  {
    file: SINGLE,
    find: 'if (resource < 0 || static_cast<size_t>(resource) >= kResources) return failure_of(EINVAL, "sysctl");',
    replace: '',
    sentence: 'a resource that there is not is asked for',
  },
  {
    file: SINGLE,
    find: '(failure.number == ENOENT || failure.number == EINVAL) && limits.count > 0',
    replace: 'false',
    sentence: 'a kernel that knows fewer resources returns none',
  },
  {
    file: SINGLE,
    find: 'if (pid == getpid()) return get_own_rlimits(limits);',
    replace: '',
    sentence: 'one’s own limits are looked up twenty-four times',
  },
];
