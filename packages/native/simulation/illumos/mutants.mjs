import { WAITS } from './wait-mutants.mjs';

const FOLDER = 'src/platform/illumos/';
const PLANNER = `${FOLDER}planner.h`;
const PSINFO = `${FOLDER}psinfo.cc`;
const OWNER = `${FOLDER}owner.cc`;
const READER = `${FOLDER}process_reader.cc`;
const ROOT = `${FOLDER}proc_root.cc`;
const LISTING = `${FOLDER}pid_directory.cc`;
const PLATFORM = `${FOLDER}backend.cc`;

/** What must not go unnoticed in illumos's backend. */
export default [
  {
    file: PLANNER,
    find: 'if ((fields & kSignalFields) != 0) files',
    replace: 'files',
    sentence: 'status and sigact are read for what psinfo holds',
  },
  {
    file: PLANNER,
    find: 'if ((fields & kCredFields) != 0) files',
    replace: 'files',
    sentence: 'cred is read for what psinfo holds',
  },
  {
    file: PLANNER,
    find: 'if (bound || (fields',
    replace: 'if ((fields',
    sentence: 'it is not checked whose groups are read',
  },
  {
    file: PLANNER,
    find: 'if (bound || (fields & ~(kSignalFields | kCredFields)) != 0) files',
    replace: 'files',
    sentence: 'psinfo is read where it is not needed',
  },
  {
    file: PSINFO,
    find: 'failure.ok() && size < kWanted ? unsupported("read") : failure',
    replace: 'failure',
    sentence: 'a short psinfo is believed',
  },
  {
    file: PSINFO,
    find: 'if (is_zombie(info)) return;',
    replace: '',
    sentence: 'a zombie began at the epoch and has no name',
  },
  {
    file: PSINFO,
    find: "info.pr_nlwp == 0 || info.pr_lwp.pr_sname == 'Z'",
    replace: "info.pr_lwp.pr_sname == 'Z'",
    sentence: 'a process without a thread is no zombie',
  },
  {
    file: PSINFO,
    find: 'strnlen(info.pr_fname, sizeof info.pr_fname)',
    replace: 'sizeof info.pr_fname',
    sentence: 'a name goes on behind its end',
  },
  {
    file: PSINFO,
    find: 'info.pr_start.tv_nsec / 1000',
    replace: '0',
    sentence: 'a start is returned in whole seconds',
  },
  {
    file: PSINFO,
    find: 'if (state_of(info, state)) row',
    replace: 'state_of(info, state), row',
    sentence: 'an unknown letter is a state',
  },
  {
    file: OWNER,
    find: 'words[i * 2] | uint64_t{words[i * 2 + 1]} << 32',
    replace: 'words[i * 2]',
    sentence: 'signals past 32 are dropped',
  },
  {
    file: OWNER,
    find: 'count > kMaxGroups ? 0 : kGroups',
    replace: 'kGroups',
    sentence: 'fewer groups than none are believed',
  },
  {
    file: OWNER,
    find: 'if (wanted <= size) return {};',
    replace: 'return {};',
    sentence: 'groups that were cut off are left out',
  },
  {
    file: OWNER,
    find: 'if (size < available || available >= wanted) return unsupported("read");',
    replace: 'return unsupported("read");',
    sentence: 'more groups than usual are not returned',
  },
  {
    file: OWNER,
    find: 'if (size < kWanted) return unsupported("read");',
    replace: '',
    sentence: 'a short status is believed',
  },
  {
    file: OWNER,
    find: 'count < NSIG - 1 || size % sizeof actions[0] != 0',
    replace: 'size % sizeof actions[0] != 0',
    sentence: 'a sigact that lacks signals is believed',
  },
  {
    file: OWNER,
    find: 'if (actions[i].sa_handler == SIG_DFL) continue;',
    replace: '',
    sentence: 'a signal without a handler is caught',
  },
  {
    file: OWNER,
    find: 'SignalSets::kPending, status.pr_lwp.pr_lwppend',
    replace: 'SignalSets::kPending, status.pr_sigpend',
    sentence: 'what is pending to the process is pending to its thread',
  },
  {
    file: OWNER,
    find: 'got >= 0 && got <= count',
    replace: 'got >= 0',
    sentence: 'it is not checked whether the groups of the caller all fit',
  },
  {
    file: OWNER,
    find: 'if (got < 0 && errno != EINVAL) return failure_of(errno, "getgroups");',
    replace: 'return failure_of(errno, "getgroups");',
    sentence: 'groups of the caller that have grown are not asked for again',
  },
  {
    file: READER,
    find: 'const Failure locked = several ? files.open() : Failure{};',
    replace: 'const Failure locked;',
    sentence: 'two files are of two owners of a PID',
  },
  {
    file: READER,
    find: 'if (!locked.ok()) sources |= bit(Source::kPsinfo);',
    replace: '',
    sentence: 'another user’s zombie is denied',
  },
  {
    file: READER,
    find: 'locked.ok() ? cred(files) : locked',
    replace: 'cred(files)',
    sentence: 'a file in a denied directory is tried by path',
  },
  {
    file: READER,
    find: 'is_zombie(info) || start_of(info) != target.start ? gone("open") : Failure{}',
    replace: 'start_of(info) != target.start && !is_zombie(info) ? gone("open") : Failure{}',
    sentence: 'any zombie of its PID is the process',
  },
  {
    file: READER,
    find: 'is_zombie(info) || start_of(info) != target.start ? gone("open") : Failure{}',
    replace: 'Failure{}',
    sentence: 'a PID’s next owner is taken for the process',
  },
  {
    file: READER,
    find: 'if (found.number == ENOENT) return gone("open");',
    replace: '',
    sentence: 'a process that ended between two files is an error of the system',
  },
  {
    file: READER,
    find: 'if (is_zombie(info)) return zombie();\n  // The process may',
    replace: '// The process may',
    sentence: 'a zombie’s files are looked for twice',
  },
  {
    file: READER,
    find: 'failure = read();\n  if (failure.number != ENOENT) return failure;',
    replace: '',
    sentence: 'a process that has just begun has lost its groups',
  },
  {
    file: READER,
    find: 'return root_.own() ? zombie() : unsupported("open");',
    replace: 'return zombie();',
    sentence: 'a file that a copy of /proc lacks makes a zombie',
  },
  {
    file: READER,
    find: 'failure.number != ENOENT && failure.number != EAGAIN',
    replace: 'failure.number != ENOENT',
    sentence: 'a program that has just become another is an error',
  },
  {
    file: READER,
    find: 'else if (own && row.wants(Field::groups)) own_groups(row);',
    replace: '',
    sentence: 'a caller whose files are denied to it has no groups',
  },
  {
    file: READER,
    find: 'return root_.own() && pid == getpid();',
    replace: 'return pid == getpid();',
    sentence: 'the caller’s PID in another root is the caller',
  },
  {
    file: READER,
    find: 'if (reader.is_own(target.pid)) return set_own_rlimit',
    replace: 'if (true) return set_own_rlimit',
    sentence: 'another process’s limit is set on the caller',
  },
  {
    file: READER,
    find: 'if (own && row.wants(Field::rlimits)) own_limits(row);',
    replace: 'if (row.wants(Field::rlimits)) own_limits(row);',
    sentence: 'the caller’s limits are everybody’s',
  },
  {
    file: ROOT,
    find: 'std::strcmp(about.f_basetype, kProcfs) != 0',
    replace: 'false',
    sentence: 'any folder at /proc is a procfs',
  },
  {
    file: ROOT,
    find: 'if (more == 0) break;',
    replace: 'break;',
    sentence: 'a file that comes in pieces is cut',
  },
  {
    file: ROOT,
    find: 'if (directory_ >= 0) close(directory_);',
    replace: '',
    sentence: 'directories are left open',
  },
  {
    file: 'src/platform/shared/file.cc',
    find: 'while (got < 0 && errno == EINTR)',
    replace: 'while (false)',
    sentence: 'a signal ends a read',
  },
  {
    file: 'src/platform/shared/pid_path.h',
    find: "if (name[0] == '0' && name[1] == '\\0') return 0;",
    replace: '',
    sentence: 'PID 0 is not listed',
  },
  {
    file: LISTING,
    find: 'cursor = lseek(directory.get(), 0, SEEK_CUR);',
    replace: 'cursor = lseek(directory.get(), 0, SEEK_CUR) - 16;',
    sentence: 'the last of a part is listed again in the next',
  },
  {
    file: LISTING,
    find: 'if (got < 0 && errno == EINTR) continue;',
    replace: '',
    sentence: 'a signal ends a listing',
  },
  {
    file: PLATFORM,
    find: 'return {0, 1e6};',
    replace: 'return {0, 1e3};',
    sentence: 'a start is off by a thousand',
  },
  {
    file: PLATFORM,
    find: '&& request.drop_gone) {',
    replace: '&& request.drop_gone && false) {',
    sentence: 'a process that is gone has a row in a scan',
  },
  {
    file: PLATFORM,
    find: 'kPsinfoFields | kCredFields | kSignalFields | bit(Field::rlimits)',
    replace: 'kPsinfoFields | kCredFields | kSignalFields | bit(Field::rlimits) | bit(Field::umask)',
    sentence: 'a umask is promised',
  },
  ...WAITS,
];
