const KINFO = 'src/platform/darwin/kinfo.cc';
const SINGLE = 'src/platform/darwin/per_process_calls.cc';
const READER = 'src/platform/darwin/process_reader.cc';
const ROWS = 'src/platform/bsd/struct_reader.h';

/** What must not go unnoticed in macOS's backend, and in what it shares. */
export default [
  {
    file: 'src/platform/darwin/kinfo.h',
    find: '1u << SignalSets::kIgnored | 1u << SignalSets::kCaught;',
    replace: '1u << SignalSets::kIgnored | 1u << SignalSets::kCaught | 1u << SignalSets::kBlocked;',
    sentence: 'no blocked signals are returned where none are known',
  },
  {
    file: KINFO,
    find: 'if (size == 0) return gone("sysctl");',
    replace: '',
    sentence: 'a PID that no process has is not supported',
  },
  {
    file: KINFO,
    find: 'return size == sizeof info ? Failure{} : unsupported("sysctl");',
    replace: 'return {};',
    sentence: 'a kinfo_proc that is short is read beyond its end',
  },
  {
    file: KINFO,
    find: '|| credentials.cr_ngroups > NGROUPS) return;',
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
    find: '{process.e_pcred.p_rgid, credentials.cr_groups[0], process.e_pcred.p_svgid}',
    replace: '{process.e_pcred.p_rgid, process.e_pcred.p_rgid, process.e_pcred.p_svgid}',
    sentence: 'the real group is the effective one',
  },
  {
    file: KINFO,
    find: 'strnlen(process.p_comm, sizeof process.p_comm)',
    replace: 'strnlen(process.p_comm, sizeof process.p_comm - 2)',
    sentence: 'a long name loses its end',
  },
  {
    file: KINFO,
    find: '(process.p_flag & P_TRACED) != 0 ? State::kTracingStop : State::kStopped',
    replace: 'State::kStopped',
    sentence: 'a process that is traced is any stopped one',
  },
  {
    file: SINGLE,
    find: 'if (pid == 0) return unsupported("getsid");',
    replace: '',
    sentence: 'the kernel has the caller’s session',
  },
  {
    file: SINGLE,
    find: 'if (static_cast<size_t>(size) < sizeof info) return unsupported("proc_pidinfo");',
    replace: '',
    sentence: 'a short answer about threads is believed',
  },
  {
    file: SINGLE,
    find: 'if (at < groups_.size() && groups_[at].pgid == pgid) {',
    replace: 'if (false) {',
    sentence: 'every process’s session takes a call',
  },
  {
    file: SINGLE,
    find: 'groups_[at].pgid == pgid) {',
    replace: 'groups_[at].pgid > 0) {',
    sentence: 'one group’s session is another’s',
  },
  {
    file: SINGLE,
    find: 'if (getpgid(pid) != pgid) return gone("getpgid");',
    replace: '',
    sentence: 'a group has the session of a PID’s next owner',
  },
  {
    file: SINGLE,
    find: 'std::copy_backward(groups_.data() + at, groups_.data() + at + after, groups_.data() + groups_.size());',
    replace: '(void)after;',
    sentence: 'a session is forgotten when another is learned',
  },
  {
    file: READER,
    find: 'if (!is_zombie(info)) {',
    replace: 'if (true) {',
    sentence: 'a zombie’s session hangs on who is in its group',
  },
  {
    file: READER,
    find: 'if (failure.kind == Failure::Kind::kGone) return false;\n  if (failure.ok()) row.put_i32(Field::sid, sid);',
    replace: 'if (failure.ok()) row.put_i32(Field::sid, sid);',
    sentence: 'a process that has ended meanwhile has a row in a scan',
  },
  {
    file: READER,
    find: 'if (pid != getpid()) return unsupported("getrlimit");',
    replace: '',
    sentence: 'everybody has the caller’s limits',
  },
  {
    file: READER,
    find: 'if (pid_of(info) == getpid() && row.wants(Field::groups)) {',
    replace: 'if (false) {',
    sentence: 'one’s own groups past sixteen are left out',
  },
  {
    file: READER,
    find: 'if (pid_of(info) == getpid() && row.wants',
    replace: 'if (row.wants',
    sentence: 'everybody has the caller’s groups',
  },
  {
    file: 'src/platform/shared/groups.cc',
    find: 'if (count < 0) return failure_of(errno, "getgroups");',
    replace: 'if (count < 0) return {};',
    sentence: 'groups that could not be read are returned',
  },
  {
    file: 'src/platform/shared/rlimit.h',
    find: 'return target.pid == getpid() ? set_own_rlimit(resource, limit, before) : unsupported("setrlimit");',
    replace: 'return set_own_rlimit(resource, limit, before);',
    sentence: 'the caller’s limit is set in place of another’s',
  },
  {
    file: 'src/platform/shared/rlimit.h',
    find: 'if (!failure.ok()) return failure;\n  return target.pid',
    replace: 'return target.pid',
    sentence: 'a limit of a missing process is not supported rather than missing',
  },
  {
    file: 'src/platform/shared/wall_clock.h',
    find: 'static_cast<double>(time.tv_usec)',
    replace: '0 * static_cast<double>(time.tv_usec)',
    sentence: 'a start is exact to a second',
  },
  {
    file: ROWS,
    find: '!is_bound(target) || System::start_of(info) == target.start) return failure;',
    replace: 'true) return failure;',
    sentence: 'a PID’s next owner is taken for the process',
  },
  {
    file: ROWS,
    find: 'if (!asked || !is_bound(target)) return true;',
    replace: 'return true || asked;',
    sentence: 'the session of a PID’s next owner is taken for the process’s',
  },
  {
    file: ROWS,
    find: 'return found.ok() ? system_.why_absent(info) : found;',
    replace: 'return found.ok() ? failure : found;',
    sentence: 'a zombie that has no session is gone',
  },
  {
    file: ROWS,
    find: 'request.whole_sources ? request.fields | whole : request.fields',
    replace: 'request.fields',
    sentence: 'a oneshot takes no more than what is asked',
  },
  {
    file: 'src/platform/shared/row_loop.h',
    find: '&& request.drop_gone) {',
    replace: '&& request.drop_gone && false) {',
    sentence: 'a process that is gone has a row in a scan of given PIDs',
  },
  {
    file: 'src/platform/bsd/struct_table.h',
    find: 'if (bytes_.size() % sizeof(Info) != 0) return unsupported("sysctl");',
    replace: '',
    sentence: 'a list of structs of another size is believed',
  },
  {
    file: 'src/platform/darwin/backend.cc',
    find: 'std::strcmp(proc_root, "/proc") == 0',
    replace: 'proc_root != nullptr',
    sentence: 'another proc root is answered with this system’s processes',
  },
];
