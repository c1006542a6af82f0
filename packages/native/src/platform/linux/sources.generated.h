// Generated from schema/linux-sources.mjs and fields.mjs by schema/generate.mjs.
// source_table.h includes it, which has the types.
#pragma once

namespace psutil {

// A source's position in the table, its bit in a SourceSet, and its place in SourceCounts.
enum class Source : uint8_t {
  kStatus,
  kStat,
  kLimits,
  kPrlimit64,
  kGetpgid,
  kGetsid,
  kStatm,
  kIo,
  kOomScore,
  kOomScoreAdj,
  kLoginuid,
  kCgroup,
  kWchan,
  kAttrCurrent,
  kIoprioGet,
  kSchedGetaffinity,
  kFd,
  kExe,
  kCwd,
  kCmdline,
  kEnviron,
  kNs,
  kTask,
  kFdinfo,
  kSmapsRollup,
  kSmaps,
  kNet,
  kBpf,
};

Failure put_status(OpenProcess& row, std::string_view text);
Failure put_stat(OpenProcess& row, std::string_view text);
Failure put_limits(OpenProcess& row, std::string_view text);
Failure put_prlimit64(OpenProcess& row);
Failure put_getpgid(OpenProcess& row);
Failure put_getsid(OpenProcess& row);
Failure put_statm(OpenProcess& row, std::string_view text);
Failure put_io(OpenProcess& row, std::string_view text);
Failure put_oom_score(OpenProcess& row, std::string_view text);
Failure put_oom_score_adj(OpenProcess& row, std::string_view text);
Failure put_loginuid(OpenProcess& row, std::string_view text);
Failure put_cgroup(OpenProcess& row, std::string_view text);
Failure put_wchan(OpenProcess& row, std::string_view text);
Failure put_attr_current(OpenProcess& row, std::string_view text);
Failure put_ioprio_get(OpenProcess& row);
Failure put_sched_getaffinity(OpenProcess& row);
Failure put_fd(OpenProcess& row, int directory);
Failure put_exe(OpenProcess& row, int directory);
Failure put_cwd(OpenProcess& row, int directory);
Failure put_cmdline(OpenProcess& row, std::string_view text);
Failure put_environ(OpenProcess& row, std::string_view text);
Failure put_ns(OpenProcess& row, int directory);
Failure put_task(OpenProcess& row, int directory);
Failure put_fdinfo(OpenProcess& row, int directory);
Failure put_smaps_rollup(OpenProcess& row, std::string_view text);
Failure put_smaps(OpenProcess& row, std::string_view text);
Failure put_net(OpenProcess& row, int directory);

constexpr ProcessSource kSources[] = {
    {{"status",
      bit(Field::name) | bit(Field::ppid) | bit(Field::state) | bit(Field::uids) | bit(Field::gids) | bit(Field::groups) | bit(Field::umask) | bit(Field::sigmasks) | bit(Field::pgid) | bit(Field::sid) | bit(Field::threads) | bit(Field::username) | bit(Field::memoryDetail) | bit(Field::contextSwitches) | bit(Field::affinity) | bit(Field::capabilities) | bit(Field::seccomp) | bit(Field::noNewPrivs),
      5300, false, SourceScope::kProcess}, SourceKind::kFile, put_status, nullptr, nullptr, 0, false},
    {{"stat",
      bit(Field::name) | bit(Field::ppid) | bit(Field::state) | bit(Field::pgid) | bit(Field::sid) | bit(Field::threads) | bit(Field::startTime) | bit(Field::terminal) | bit(Field::cpuTimes) | bit(Field::pageFaults) | bit(Field::nice) | bit(Field::scheduler) | bit(Field::processor),
      3900, false, SourceScope::kProcess}, SourceKind::kFile, put_stat, nullptr, nullptr, 0, false},
    {{"limits",
      bit(Field::rlimits),
      4500, false, SourceScope::kProcess}, SourceKind::kFile, put_limits, nullptr, nullptr, 0, false},
    {{"prlimit64",
      bit(Field::rlimits),
      2400, true, SourceScope::kProcess}, SourceKind::kCall, nullptr, nullptr, put_prlimit64, 0, false},
    {{"getpgid",
      bit(Field::pgid),
      500, true, SourceScope::kProcess}, SourceKind::kCall, nullptr, nullptr, put_getpgid, 0, false},
    {{"getsid",
      bit(Field::sid),
      500, true, SourceScope::kProcess}, SourceKind::kCall, nullptr, nullptr, put_getsid, 0, false},
    {{"statm",
      bit(Field::memory),
      3400, false, SourceScope::kProcess}, SourceKind::kFile, put_statm, nullptr, nullptr, 0, false},
    {{"io",
      bit(Field::io),
      4600, false, SourceScope::kProcess}, SourceKind::kFile, put_io, nullptr, nullptr, 0, false},
    {{"oom_score",
      bit(Field::oomScore),
      4000, false, SourceScope::kProcess}, SourceKind::kFile, put_oom_score, nullptr, nullptr, 0, false},
    {{"oom_score_adj",
      bit(Field::oomScoreAdj),
      3000, false, SourceScope::kProcess}, SourceKind::kFile, put_oom_score_adj, nullptr, nullptr, 0, false},
    {{"loginuid",
      bit(Field::loginuid),
      3000, false, SourceScope::kProcess}, SourceKind::kFile, put_loginuid, nullptr, nullptr, 0, false},
    {{"cgroup",
      bit(Field::cgroup) | bit(Field::containerId),
      4000, false, SourceScope::kProcess}, SourceKind::kFile, put_cgroup, nullptr, nullptr, 0, false},
    {{"wchan",
      bit(Field::wchan),
      4000, false, SourceScope::kProcess}, SourceKind::kFile, put_wchan, nullptr, nullptr, 0, false},
    {{"attr/current",
      bit(Field::securityLabel),
      4000, false, SourceScope::kProcess}, SourceKind::kFile, put_attr_current, nullptr, nullptr, EINVAL, false},
    {{"ioprio_get",
      bit(Field::ioPriority),
      400, true, SourceScope::kProcess}, SourceKind::kCall, nullptr, nullptr, put_ioprio_get, 0, false},
    {{"sched_getaffinity",
      bit(Field::affinity),
      400, true, SourceScope::kProcess}, SourceKind::kCall, nullptr, nullptr, put_sched_getaffinity, 0, false},
    {{"fd",
      bit(Field::fdCount),
      3000, false, SourceScope::kProcess}, SourceKind::kDirectory, nullptr, put_fd, nullptr, 0, false},
    {{"exe",
      bit(Field::exe) | bit(Field::exeDeleted),
      6000, false, SourceScope::kProcess}, SourceKind::kDirectory, nullptr, put_exe, nullptr, 0, false},
    {{"cwd",
      bit(Field::cwd),
      6000, false, SourceScope::kProcess}, SourceKind::kDirectory, nullptr, put_cwd, nullptr, 0, false},
    {{"cmdline",
      bit(Field::cmdline),
      4000, false, SourceScope::kProcess}, SourceKind::kFile, put_cmdline, nullptr, nullptr, 0, true},
    {{"environ",
      bit(Field::environ),
      5000, false, SourceScope::kProcess}, SourceKind::kFile, put_environ, nullptr, nullptr, 0, true},
    {{"ns",
      bit(Field::namespaces),
      12000, false, SourceScope::kProcess}, SourceKind::kDirectory, nullptr, put_ns, nullptr, 0, false},
    {{"task",
      bit(Field::threadList),
      20000, false, SourceScope::kProcess}, SourceKind::kDirectory, nullptr, put_task, nullptr, 0, false},
    {{"fdinfo",
      bit(Field::fds),
      50000, false, SourceScope::kProcess}, SourceKind::kDirectory, nullptr, put_fdinfo, nullptr, 0, false},
    {{"smaps_rollup",
      bit(Field::memoryFootprint),
      200000, false, SourceScope::kProcess}, SourceKind::kFile, put_smaps_rollup, nullptr, nullptr, 0, true},
    {{"smaps",
      bit(Field::memoryFootprint) | bit(Field::memoryMaps),
      400000, false, SourceScope::kProcess}, SourceKind::kFile, put_smaps, nullptr, nullptr, 0, true},
    {{"net",
      bit(Field::connections),
      30000, false, SourceScope::kProcess}, SourceKind::kDirectory, nullptr, put_net, nullptr, 0, false},
    {{"bpf",
      bit(Field::name) | bit(Field::ppid) | bit(Field::state) | bit(Field::uids) | bit(Field::gids) | bit(Field::groups) | bit(Field::umask) | bit(Field::sigmasks) | bit(Field::pgid) | bit(Field::sid) | bit(Field::threads) | bit(Field::startTime) | bit(Field::rlimits) | bit(Field::username) | bit(Field::terminal) | bit(Field::cpuTimes) | bit(Field::memory) | bit(Field::pageFaults) | bit(Field::contextSwitches) | bit(Field::io) | bit(Field::nice) | bit(Field::scheduler) | bit(Field::processor) | bit(Field::oomScoreAdj) | bit(Field::capabilities) | bit(Field::seccomp) | bit(Field::noNewPrivs) | bit(Field::namespaces),
      900, false, SourceScope::kAll}, SourceKind::kAll, nullptr, nullptr, nullptr, 0, false},
};

}  // namespace psutil
