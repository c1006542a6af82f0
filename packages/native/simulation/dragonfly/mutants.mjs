import { effectiveGroupFirst, fewGroups, limitsOfSelf, manySignals, shared, timeOfDay } from '../kinfo/mutants.mjs';

const KINFO = 'src/platform/dragonfly/process_struct.cc';
const RLIMIT = 'src/platform/dragonfly/rlimit.cc';
const CALLS = 'src/platform/dragonfly/per_process_calls.cc';

/** What must not go unnoticed in DragonFly's backend. */
export default [
  ...shared,
  ...limitsOfSelf,
  ...fewGroups,
  ...effectiveGroupFirst,
  ...manySignals,
  ...timeOfDay,
  {
    file: KINFO,
    find: 'return raw.kp_pid < 0 || processes',
    replace: 'return processes',
    sentence: 'the kernel’s threads are processes',
  },
  {
    file: KINFO,
    find: 'if (raw.kp_lwp.kl_pid != raw.kp_pid)',
    replace: 'if (false)',
    sentence: 'a process with no thread blocks no signal, rather than that being unknown',
  },
  {
    file: KINFO,
    find: 'kp_lwp.kl_sigmask',
    replace: 'kp_siglist',
    sentence: 'what is pending is blocked',
  },
  {
    file: KINFO,
    find: '(raw.kp_lwp.kl_flags & LWP_SINTR) != 0 ? State::kSleeping : State::kDiskSleep',
    replace: 'State::kSleeping',
    sentence: 'a sleep that nothing wakes is any sleep',
  },
  {
    file: KINFO,
    find: 'if (raw.kp_lwp.kl_stat == LSSTOP) return State::kStopped;',
    replace: '',
    sentence: 'one whose thread is stopped runs',
  },
  {
    file: KINFO,
    find: '&raw, sizeof raw, ENOMEM)',
    replace: '&raw, sizeof raw)',
    sentence: 'a kinfo_proc that is longer is a lack of memory',
  },
  {
    file: RLIMIT,
    find: 'length < kMaxText && (count > 0 || (count < 0 && errno == EINTR))',
    replace: 'length < kMaxText && count < 0 && errno == EINTR',
    sentence: 'limits past the first bytes are left out',
  },
  {
    file: RLIMIT,
    find: '|| (count < 0 && errno == EINTR)',
    replace: '',
    sentence: 'a read that is interrupted fails',
  },
  {
    file: RLIMIT,
    find: '  close(file);\n',
    replace: '',
    sentence: 'files stay open',
  },
  {
    file: RLIMIT,
    find: 'return count < 0 ? -1 : static_cast<ssize_t>(length);',
    replace: 'return static_cast<ssize_t>(length);',
    sentence: 'what was read before an error is all there is',
  },
  {
    file: RLIMIT,
    find: 'limit = ~uint64_t{0};',
    replace: 'limit = 1;',
    sentence: 'no limit is a number',
  },
  {
    file: RLIMIT,
    find: "|| scanner.peek() != '\\n') return false;",
    replace: ') return false;',
    sentence: 'a limit that is cut short is believed',
  },
  {
    file: RLIMIT,
    find: '&& name != kNames[limits.count]) return false;',
    replace: '&& name.empty()) return false;',
    sentence: 'another file is taken for limits',
  },
  {
    file: RLIMIT,
    find: '!scanner.done() && limits.count < kResources;',
    replace: '!scanner.done() && limits.count < kResources - 1;',
    sentence: 'the last resource is left out',
  },
  {
    file: RLIMIT,
    find: 'errno == ENOENT ? gone("open") : failure_of',
    replace: 'failure_of',
    sentence: 'a system without procfs has an error',
  },
  {
    file: CALLS,
    find: 'if (is_own) return put_own_rlimits(row);',
    replace: '',
    sentence: 'one’s own limits hang on procfs',
  },
  {
    file: CALLS,
    find: 'info.is_ending ? zombie("open") : unsupported("open")',
    replace: 'zombie("open")',
    sentence: 'everybody is a zombie where procfs is not mounted',
  },
  {
    file: CALLS,
    find: 'info.is_ending ? zombie("open") : unsupported("open")',
    replace: 'unsupported("open")',
    sentence: 'one that is about to end makes a system one without procfs',
  },
];
