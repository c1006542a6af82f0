const KINFO = 'src/platform/freebsd/kinfo.cc';
const ROW = 'src/platform/freebsd/row.cc';
const PLATFORM = 'src/platform/freebsd/platform.cc';

/** What must not go unnoticed in FreeBSD's backend. */
export default [
  {
    file: KINFO,
    find: 'std::memcpy(sets.sets[set], &raw, sizeof raw);',
    replace: 'std::memcpy(sets.sets[set], &raw, 4);',
    sentence: 'signals past 32 are dropped',
  },
  {
    file: 'src/platform/bsd/sysctl.cc',
    find: 'if (failure.number != ENOMEM) return failure;',
    replace: 'return failure;',
    sentence: 'a list that has grown between two calls is not read again',
  },
  {
    file: 'src/platform/bsd/sysctl.cc',
    find: 'tries < kTries',
    replace: 'tries < 1000',
    sentence: 'a list that always grows is read for ever',
  },
  {
    file: KINFO,
    find: 'return info.ki_pid == pid ? Failure{} : gone("sysctl");',
    replace: 'return {};',
    sentence: 'a thread’s id is taken for its process',
  },
  {
    file: KINFO,
    find: 'if (size != sizeof info || info.ki_structsize != sizeof info)',
    replace: 'if (size != sizeof info)',
    sentence: 'a kinfo_proc that says it is of another size is believed',
  },
  {
    file: KINFO,
    find: 'if (size != sizeof info || info.ki_structsize',
    replace: 'if (info.ki_structsize',
    sentence: 'a kinfo_proc that is short is read beyond its end',
  },
  {
    file: KINFO,
    find: 'count() > 0 && (*this)[0].ki_structsize != sizeof(kinfo_proc) ?',
    replace: 'false ?',
    sentence: 'a list of another kinfo_proc is believed',
  },
  {
    file: KINFO,
    find: 'if (has_more_groups(info) || count > KI_NGROUPS) return;',
    replace: '',
    sentence: 'groups past sixteen are left out',
  },
  {
    file: KINFO,
    find: 'if (info.ki_ngroups > 0) row.put_entry(Field::gids',
    replace: 'row.put_entry(Field::gids',
    sentence: 'an effective group is told where there is none',
  },
  {
    file: KINFO,
    find: 'microseconds(info.ki_start) - boot',
    replace: 'microseconds(info.ki_start) + 0 * boot',
    sentence: 'a start moves with the clock',
  },
  {
    file: KINFO,
    find: '(info.ki_tdflags & TDF_SINTR) != 0 ? State::kSleeping : State::kDiskSleep',
    replace: 'State::kSleeping',
    sentence: 'a sleep that nothing wakes is any sleep',
  },
  {
    file: ROW,
    find: 'failure = exchange_rlimit(target.pid, resource, limit, before);\n  if (!failure.ok() || !is_bound(target)) return failure;',
    replace: 'return exchange_rlimit(target.pid, resource, limit, before);',
    sentence: 'nobody looks whose limit was set',
  },
  {
    file: ROW,
    find: 'if (!failure.ok() || !is_bound(target) || start_of(info, boot_) == target.start) return failure;',
    replace: 'return failure;',
    sentence: 'a PID’s next owner is taken for the process',
  },
  {
    file: ROW,
    find: 'if (!asked || !is_bound(target)) return true;',
    replace: 'return true || asked;',
    sentence: 'the umask of a PID’s next owner is taken for the process’s',
  },
  {
    file: ROW,
    find: 'if (boot_ == before) return gone("sysctl");',
    replace: 'return gone("sysctl");',
    sentence: 'a process is gone when the clock is set',
  },
  {
    file: ROW,
    find: 'return found.ok() ? zombie("sysctl") : found;',
    replace: 'return found.ok() ? failure : found;',
    sentence: 'a process that is about to end is gone already',
  },
  {
    file: ROW,
    find: 'if (is_zombie(info)) return zombie("sysctl");',
    replace: '',
    sentence: 'a zombie whose limit is set is gone',
  },
  {
    file: 'src/platform/freebsd/single.cc',
    find: 'if (pid == 0) return unsupported("sysctl");',
    replace: '',
    sentence: 'the kernel has the caller’s umask',
  },
  {
    file: 'src/platform/freebsd/single.cc',
    find: 'failure.ok() && size != sizeof raw ? unsupported("sysctl") : failure',
    replace: 'failure',
    sentence: 'a short umask is believed',
  },
  {
    file: 'src/platform/freebsd/rlimit.cc',
    find: 'if (failure.number == EINVAL && limits.count > 0) return {};',
    replace: '',
    sentence: 'a kernel that knows fewer resources tells none',
  },
  {
    file: 'src/platform/freebsd/rlimit.cc',
    find: 'if (pid == getpid()) return get_own_rlimits(limits);',
    replace: '',
    sentence: 'one’s own limits are looked up sixteen times',
  },
  {
    file: 'src/platform/posix/rlimit.cc',
    find: 'return value >= kRawNoLimit ? kNoLimit : value;',
    replace: 'return value;',
    sentence: 'no limit is a large number',
  },
  {
    file: PLATFORM,
    find: 'request.whole_sources ? request.fields | kKinfoFields : request.fields',
    replace: 'request.fields',
    sentence: 'a oneshot takes no more than what is asked',
  },
  {
    file: PLATFORM,
    find: 'after == before || tries == kTries',
    replace: 'true || after == before || tries == kTries',
    sentence: 'a start that was read while the clock was set is off',
  },
  {
    file: PLATFORM,
    find: 'std::strcmp(proc_root, "/proc") == 0',
    replace: 'proc_root != nullptr',
    sentence: 'another proc root is answered with this system’s processes',
  },
  {
    file: 'src/platform/posix/answer.h',
    find: '&& request.drop_gone) {',
    replace: '&& request.drop_gone && false) {',
    sentence: 'a process that is gone has a row in a scan',
  },
  {
    file: 'src/platform/posix/answer.h',
    find: 'if (request.pids == nullptr) columns.refuse(failure);',
    replace: '',
    sentence: 'a scan of everything that was refused is empty',
  },
  {
    file: 'src/platform/posix/open_row.h',
    find: 'columns_.fail(static_cast<Field>(field), failures_[field]);',
    replace: 'columns_.put_i32(static_cast<Field>(field), 0);',
    sentence: 'a field that was denied is zero',
  },
];
