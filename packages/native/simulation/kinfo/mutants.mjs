const ANSWER = 'src/platform/shared/row_loop.h';
const PROCESS_TABLE = 'src/platform/kinfo/process_table.cc';
const KINFO = 'src/platform/kinfo/kinfo.cc';
const PLATFORM = 'src/platform/kinfo/backend.cc';
const READER = 'src/platform/kinfo/process_reader.cc';
const SYSCTL = 'src/platform/kinfo/sysctl.cc';
const MEMBERS = 'src/platform/kinfo/members.cc';
const EXIT_EVENT = 'src/platform/kinfo/exit_event.cc';
const EXIT_WATCH = 'src/platform/kinfo/exit_watch.cc';
const STRUCTS = 'src/platform/kinfo/read_structs.h';

/** What must not go unnoticed in the code that the BSDs and macOS share, by the tests of each of them. */
export const shared = [
  {
    file: SYSCTL,
    find: 'if (failure.number != ENOMEM) return failure;',
    replace: 'return failure;',
    sentence: 'a list that has grown between two calls is not read again',
  },
  {
    file: SYSCTL,
    find: 'tries < kTries',
    replace: 'tries < 1000',
    sentence: 'a list that always grows is read for ever',
  },
  {
    file: PROCESS_TABLE,
    find: 'kinfos_[a].pid != kinfos_[b].pid ? kinfos_[a].pid < kinfos_[b].pid : a > b',
    replace: 'a < b',
    sentence: 'processes are returned in no order',
  },
  {
    file: MEMBERS,
    find: 'std::memcpy(to, from, member.size);',
    replace: 'std::memcpy(to, from, member.value < Value::kPending ? member.size : 3);',
    sentence: 'signals past 24 are dropped',
  },
  {
    file: STRUCTS,
    find: 'if (returned == 0) return gone("sysctl");',
    replace: '',
    sentence: 'a PID that no process has is not supported',
  },
  {
    file: STRUCTS,
    find: 'return returned == size ? Failure{} : unsupported("sysctl");',
    replace: 'return {};',
    sentence: 'a struct that is short is read beyond its end',
  },
  {
    file: STRUCTS,
    find: 'if (bytes.size() % size != 0) return unsupported("sysctl");',
    replace: '',
    sentence: 'a list whose end is cut off is believed',
  },
  {
    file: READER,
    find: 'if (pid == getpid()) return set_own_rlimit(resource, limit, before);',
    replace: '',
    sentence: 'a process does not set its own limits by the call that is for them',
  },
  {
    file: READER,
    find: 'if (is_start_of(info, target.start)) return {};',
    replace: 'return {};',
    sentence: 'a PID’s next owner is taken for the process',
  },
  {
    file: PLATFORM,
    find: 'request.whole_sources ? request.fields | kProcessStruct.fields : request.fields',
    replace: 'request.fields',
    sentence: 'a oneshot takes no more than what is asked',
  },
  {
    file: PLATFORM,
    find: 'std::strcmp(proc_root, "/proc") == 0',
    replace: 'proc_root != nullptr',
    sentence: 'another proc root is answered with this system’s processes',
  },
  {
    file: ANSWER,
    find: '&& request.drop_gone) {',
    replace: '&& request.drop_gone && false) {',
    sentence: 'a process that is gone has a row in a scan',
  },
  {
    file: ANSWER,
    find: 'if (request.kind != ReadKind::kPids) table.refuse(failure);',
    replace: '',
    sentence: 'a scan of everything that was refused is empty',
  },
  {
    file: 'src/platform/shared/rlimit.cc',
    find: 'return value >= kRawNoLimit ? kNoLimit : value;',
    replace: 'return value;',
    sentence: 'no limit is a large number',
  },
  {
    file: EXIT_WATCH,
    find: 'if (failure.ok() && target.is_bound()) failure = state.identify(target);',
    replace: '',
    sentence: 'a PID’s next owner is waited for',
  },
  {
    file: EXIT_WATCH,
    find: 'close(waits[wait]);\n  waits[wait] = kFree;',
    replace: 'waits[wait] = kFree;',
    sentence: 'a wait that is over keeps its descriptor',
  },
  {
    file: EXIT_EVENT,
    find: 'status = status_of(event[0]);',
    replace: '',
    sentence: 'it is not reported how a process has ended',
  },
  {
    file: EXIT_EVENT,
    find: 'if (is_of_the_last(queue_, most_descriptors())) return failure_of(EMFILE, "kqueue");',
    replace: '',
    sentence: 'waits leave no descriptor to the program',
  },
  {
    file: EXIT_EVENT,
    find: 'if (error == 0 || error == EACCES) return true;',
    replace: '',
    sentence: 'who gets the PID of a process that was ending is waited for',
  },
  {
    file: EXIT_EVENT,
    find: 'fcntl(queue_, F_SETFD, FD_CLOEXEC);',
    replace: '',
    sentence: 'a program that is executed in place of this one inherits waits',
  },
];

/** The same, where starts count from boot. */
export const countedFromBoot = [
  {
    file: READER,
    find: 'if (boot_ == before) return gone("sysctl");',
    replace: 'return gone("sysctl");',
    sentence: 'a process is gone when the clock is set',
  },
  {
    file: 'src/platform/kinfo/kinfo.h',
    find: 'static_cast<double>(info.began) - static_cast<double>(boot)',
    replace: 'static_cast<double>(info.began + 0 * boot)',
    sentence: 'a start moves with the clock',
  },
  {
    file: PLATFORM,
    find: 'after == before || tries == kTries',
    replace: 'true || after == before || tries == kTries',
    sentence: 'a start that was read while the clock was set is off',
  },
];

/** The same, where the limits of any process are read and set. */
export const limitsOfAny = [
  {
    file: READER,
    find: 'failure = explain(target, exchange_rlimit(target.pid, resource, limit, before));\n  if (!failure.ok() || !is_bound(target)) return failure;',
    replace: 'return explain(target, exchange_rlimit(target.pid, resource, limit, before));',
    sentence: 'it is not checked whose limit was set',
  },
];

/** The same, where a process sets its own limits alone. */
export const limitsOfSelf = [
  {
    file: READER,
    find: 'return unsupported("setrlimit");',
    replace: 'return set_own_rlimit(resource, limit, before);',
    sentence: 'the caller’s limit is set in place of another’s',
  },
];

/** The same, where a call reads some fields of any process. */
export const callsByPid = [
  {
    file: READER,
    find: 'if (asked && is_bound(target)) {',
    replace: 'if (asked && is_bound(target) && false) {',
    sentence: 'what a call returns for a PID’s next owner is taken for the process’s',
  },
  {
    file: READER,
    find: 'return is_gone || info.is_zombie() ? zombie("sysctl") : failure;',
    replace: 'return failure;',
    sentence: 'a process that has ended and is not waited for is gone already',
  },
  {
    file: 'src/platform/shared/row_builder.h',
    find: 'table_.fail(static_cast<Field>(field), failures_[field]);',
    replace: 'table_.put_i32(static_cast<Field>(field), 0);',
    sentence: 'a field that was denied is zero',
  },
];

/** The same, where the struct has at most sixteen groups. */
export const fewGroups = [
  {
    file: MEMBERS,
    find: ' && static_cast<size_t>(group_count) <= Kinfo::kMaxGroups',
    replace: '',
    sentence: 'more groups are read than there are',
  },
];

/** The same, where the effective group is the first of the groups. */
export const effectiveGroupFirst = [
  {
    file: MEMBERS,
    find: 'if (needs_group && info.group_count == 0)',
    replace: 'if (false)',
    sentence: 'an effective group is returned where there is none',
  },
];

/** The same, where there are 128 signals. */
export const manySignals = [
  {
    file: MEMBERS,
    find: 'std::memcpy(to, from, member.size);',
    replace: 'std::memcpy(to, from, member.value < Value::kPending ? member.size : 4);',
    sentence: 'signals past 32 are dropped',
  },
];

/** The same, where a start is the time of day that it was, to a microsecond, and a name fills its place. */
export const timeOfDay = [
  {
    file: MEMBERS,
    find: 'info.began = microseconds_of(seconds, microseconds);',
    replace: 'info.began = microseconds_of(seconds, 0);',
    sentence: 'a start is exact to a second',
  },
  {
    file: MEMBERS,
    find: 'strnlen(from, member.size)',
    replace: 'strnlen(from, member.size - 2)',
    sentence: 'a long name loses its end',
  },
];

/** The same, where finding one process is a walk over all of them, and a zombie has no start. */
export const walks = [
  {
    file: PLATFORM,
    find: 'kProcessStruct.pid_lookup_is_linear && request.count > kMaxLookups',
    replace: 'false && request.count > kMaxLookups',
    sentence: 'many PIDs cost a walk each',
  },
  {
    file: PLATFORM,
    find: 'if (!processes.read(fields, counts).ok()) processes.shrink();',
    replace: 'if (!processes.read(fields, counts).ok()) return false;',
    sentence: 'a walk that is refused ends all',
  },
  {
    file: READER,
    find: '!is_bound(target) || is_start_of(info, target.start)',
    replace: 'true',
    sentence: 'in a walk, a PID’s next owner is taken for the process',
  },
  {
    file: READER,
    find: 'info.is_zombie() && !is_bound(target);',
    replace: 'true;',
    sentence: 'in a walk, a zombie is taken for the process whose PID it has',
  },
  {
    file: READER,
    find: 'if (!info.has(Field::startTime)) return info.is_zombie() ? zombie("sysctl") : failure_of(EBUSY, "sysctl");',
    replace: 'if (!info.has(Field::startTime)) return {};',
    sentence: 'a zombie is taken for the process whose PID it has',
  },
  {
    file: KINFO,
    find: 'failure = zombie("sysctl");',
    replace: '',
    sentence: 'what a zombie has lost was never supported',
  },
  {
    file: PROCESS_TABLE,
    find: 'kinfos_[*found].pid == pid ? &kinfos_[*found] : nullptr',
    replace: 'true ? &kinfos_[*found] : nullptr',
    sentence: 'a PID that is missing in a walk is the next one',
  },
];
