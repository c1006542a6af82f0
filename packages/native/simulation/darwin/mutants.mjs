import { callsByPid, effectiveGroupFirst, fewGroups, limitsOfSelf, shared, timeOfDay } from '../kinfo/mutants.mjs';

const KINFO = 'src/platform/darwin/process_struct.cc';
const CALLS = 'src/platform/darwin/per_process_calls.cc';
const SESSIONS = 'src/platform/darwin/sessions.cc';
const READER = 'src/platform/kinfo/process_reader.cc';

/** What must not go unnoticed in macOS's backend. */
export default [
  ...shared,
  ...limitsOfSelf,
  ...callsByPid,
  ...fewGroups,
  ...effectiveGroupFirst,
  ...timeOfDay,
  {
    file: KINFO,
    find: 'PSUTIL_MEMBER(kIgnored, kinfo_proc, kp_proc.p_sigignore),',
    replace:
      'PSUTIL_MEMBER(kIgnored, kinfo_proc, kp_proc.p_sigignore), PSUTIL_MEMBER(kBlocked, kinfo_proc, kp_proc.p_sigmask),',
    sentence: 'no blocked signals are returned where none are known',
  },
  {
    file: KINFO,
    find: 'kp_eproc.e_ucred.cr_groups[0])',
    replace: 'kp_eproc.e_pcred.p_rgid)',
    sentence: 'the real group is the effective one',
  },
  {
    file: KINFO,
    find: '(process.p_flag & P_TRACED) != 0 ? State::kTracingStop : State::kStopped',
    replace: 'State::kStopped',
    sentence: 'a process that is traced is any stopped one',
  },
  {
    file: SESSIONS,
    find: 'if (info.pid == 0) return unsupported("getsid");',
    replace: '',
    sentence: 'the kernel has the caller’s session',
  },
  {
    file: CALLS,
    find: 'if (static_cast<size_t>(size) < sizeof info) return unsupported("proc_pidinfo");',
    replace: '',
    sentence: 'a short answer about threads is believed',
  },
  {
    file: SESSIONS,
    find: 'if (at < groups_.size() && groups_[at].pgid == info.pgid) {',
    replace: 'if (false) {',
    sentence: 'every process’s session takes a call',
  },
  {
    file: SESSIONS,
    find: 'groups_[at].pgid == info.pgid) {',
    replace: 'groups_[at].pgid > 0) {',
    sentence: 'one group’s session is another’s',
  },
  {
    file: SESSIONS,
    find: 'if (getpgid(info.pid) != info.pgid) return gone("getpgid");',
    replace: '',
    sentence: 'a group has the session of a PID’s next owner',
  },
  {
    file: SESSIONS,
    find: 'std::copy_backward(groups_.data() + at, groups_.data() + at + after, groups_.data() + groups_.size());',
    replace: '(void)after;',
    sentence: 'a session is forgotten when another is learned',
  },
  {
    file: SESSIONS,
    find: 'info.is_zombie() ? zombie("getsid") : sessions.of',
    replace: 'sessions.of',
    sentence: 'a zombie’s session hangs on who is in its group',
  },
  {
    file: READER,
    find: 'if (info.is_stale) return read(found, fields, table);',
    replace: '',
    sentence: 'a process that has ended meanwhile has a row in a scan',
  },
  {
    file: CALLS,
    find: 'if (!is_own) return unsupported("getrlimit");',
    replace: '',
    sentence: 'everybody has the caller’s limits',
  },
  {
    file: KINFO,
    find: 'if (info.pid == getpid()) info.present &= ~bit(Field::groups);',
    replace: '',
    sentence: 'one’s own groups past sixteen are left out',
  },
  {
    file: CALLS,
    find: 'if (!is_own) return unsupported("sysctl");',
    replace: '',
    sentence: 'a process whose groups are left out has the caller’s',
  },
  {
    file: 'src/platform/shared/groups.cc',
    find: 'if (count < 0) return failure_of(errno, "getgroups");',
    replace: 'if (count < 0) return {};',
    sentence: 'groups that could not be read are returned',
  },
  {
    file: 'src/platform/kinfo/exit_event.cc',
    find: 'if (error != EACCES || kSystem.exit_status_flag == 0) return error;',
    replace: 'return error;',
    sentence: 'a process whose status is denied is not waited for',
  },
  {
    file: 'src/platform/kinfo/exit_event.cc',
    find: 'kSystem.exit_status_flag == 0 || (event.fflags & kSystem.exit_status_flag) != 0',
    replace: 'true',
    sentence: 'a status that is denied is 0',
  },
];
