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
  kBpf,
};

Failure put_status(OpenProcess& row, std::string_view text);
Failure put_stat(OpenProcess& row, std::string_view text);
Failure put_limits(OpenProcess& row, std::string_view text);
Failure put_prlimit64(OpenProcess& row);
Failure put_getpgid(OpenProcess& row);
Failure put_getsid(OpenProcess& row);

constexpr ProcessSource kSources[] = {
    {{"status",
      bit(Field::name) | bit(Field::ppid) | bit(Field::state) | bit(Field::uids) | bit(Field::gids) | bit(Field::groups) | bit(Field::umask) | bit(Field::sigmasks) | bit(Field::pgid) | bit(Field::sid) | bit(Field::threads),
      5300, false, SourceScope::kProcess}, put_status, nullptr},
    {{"stat",
      bit(Field::name) | bit(Field::ppid) | bit(Field::state) | bit(Field::pgid) | bit(Field::sid) | bit(Field::threads) | bit(Field::startTime),
      3900, false, SourceScope::kProcess}, put_stat, nullptr},
    {{"limits",
      bit(Field::rlimits),
      4500, false, SourceScope::kProcess}, put_limits, nullptr},
    {{"prlimit64",
      bit(Field::rlimits),
      2400, true, SourceScope::kProcess}, nullptr, put_prlimit64},
    {{"getpgid",
      bit(Field::pgid),
      500, true, SourceScope::kProcess}, nullptr, put_getpgid},
    {{"getsid",
      bit(Field::sid),
      500, true, SourceScope::kProcess}, nullptr, put_getsid},
    {{"bpf",
      bit(Field::name) | bit(Field::ppid) | bit(Field::state) | bit(Field::uids) | bit(Field::gids) | bit(Field::groups) | bit(Field::umask) | bit(Field::sigmasks) | bit(Field::pgid) | bit(Field::sid) | bit(Field::threads) | bit(Field::startTime) | bit(Field::rlimits),
      900, false, SourceScope::kAll}, nullptr, nullptr},
};

}  // namespace psutil
