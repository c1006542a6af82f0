const KINFO = 'src/platform/dragonfly/kinfo.cc';
const RLIMIT = 'src/platform/dragonfly/rlimit.cc';
const READER = 'src/platform/dragonfly/process_reader.cc';

/** What must not go unnoticed in DragonFly's backend. What it shares with macOS is broken there. */
export default [
  {
    file: KINFO,
    find: 'keep([](const kinfo_proc& info) { return info.kp_pid >= 0; });',
    replace: 'keep([](const kinfo_proc&) { return true; });',
    sentence: 'the kernel’s threads are processes',
  },
  {
    file: 'src/platform/bsd/struct_table.h',
    find: 'if (kept != i) infos[kept] = infos[i];',
    replace: '',
    sentence: 'who stands behind one that is left out is another',
  },
  {
    file: KINFO,
    find: 'std::memcpy(sets.sets[set], &raw, sizeof raw);',
    replace: 'std::memcpy(sets.sets[set], &raw, 4);',
    sentence: 'signals past 32 are dropped',
  },
  {
    file: KINFO,
    find: 'if (info.kp_lwp.kl_pid == info.kp_pid) set_signals',
    replace: 'set_signals',
    sentence: 'a process with no thread blocks no signal, rather than that being unknown',
  },
  {
    file: KINFO,
    find: 'info.kp_lwp.kl_sigmask',
    replace: 'info.kp_siglist',
    sentence: 'what is pending is blocked',
  },
  {
    file: KINFO,
    find: '|| info.kp_ngroups > NGROUPS) return;',
    replace: ') return;',
    sentence: 'groups are read beyond their end',
  },
  {
    file: KINFO,
    find: 'if (count > 0) row.put_struct(Field::gids',
    replace: 'row.put_struct(Field::gids',
    sentence: 'an effective group is returned where there is none',
  },
  {
    file: KINFO,
    find: '(info.kp_lwp.kl_flags & LWP_SINTR) != 0 ? State::kSleeping : State::kDiskSleep',
    replace: 'State::kSleeping',
    sentence: 'a sleep that nothing wakes is any sleep',
  },
  {
    file: KINFO,
    find: 'if (info.kp_lwp.kl_stat == LSSTOP) return State::kStopped;',
    replace: '',
    sentence: 'one whose thread is stopped runs',
  },
  {
    file: KINFO,
    find: 'if (size == 0) return gone("sysctl");',
    replace: '',
    sentence: 'a PID that no process has is not supported',
  },
  {
    file: KINFO,
    find: 'if (failure.number == ENOMEM) return unsupported("sysctl");',
    replace: '',
    sentence: 'a kinfo_proc that is longer is a lack of memory',
  },
  {
    file: KINFO,
    find: 'return size == sizeof info ? Failure{} : unsupported("sysctl");',
    replace: 'return {};',
    sentence: 'a kinfo_proc that is short is read beyond its end',
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
    file: READER,
    find: 'own ? get_own_rlimits(limits) : read_rlimits',
    replace: 'read_rlimits',
    sentence: 'one’s own limits hang on procfs',
  },
  {
    file: READER,
    find: '(info.kp_flags & P_WEXIT) != 0 ? zombie("open") : unsupported("open")',
    replace: 'zombie("open")',
    sentence: 'everybody is a zombie where procfs is not mounted',
  },
  {
    file: READER,
    find: '(info.kp_flags & P_WEXIT) != 0 ? zombie("open") : unsupported("open")',
    replace: 'unsupported("open")',
    sentence: 'one that is about to end makes a system one without procfs',
  },
  {
    file: 'src/platform/shared/rlimit.h',
    find: 'return target.pid == getpid() ? set_own_rlimit(resource, limit, before) : unsupported("setrlimit");',
    replace: 'return set_own_rlimit(resource, limit, before);',
    sentence: 'the caller’s limit is set in place of another’s',
  },
];
