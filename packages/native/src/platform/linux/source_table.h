// The sources of a process's fields on Linux, one a row. A source is a row here and a function in sources/.
#pragma once

#include <array>
#include <string_view>

#include "core/failure.h"
#include "core/source_counts.h"
#include "platform/shared/source_planner.h"

namespace psutil {

// A source's position in the table, its bit in a SourceSet, and its place in SourceCounts.
enum class Source : uint8_t { kStatus, kStat, kLimits, kPrlimit, kGetpgid, kGetsid, kBpf };

constexpr SourceSet bit(Source source) { return SourceSet{1} << static_cast<unsigned>(source); }
constexpr size_t index_of(Source source) { return static_cast<size_t>(source); }

struct OpenProcess;

// Puts the text of a source's file into the row.
using PutFile = Failure (*)(OpenProcess& row, std::string_view text);
// Calls the system with the row's PID, and puts what it returns into the row.
using PutCall = Failure (*)(OpenProcess& row);

Failure put_status(OpenProcess& row, std::string_view text);
Failure put_stat(OpenProcess& row, std::string_view text);
Failure put_limits(OpenProcess& row, std::string_view text);
Failure put_prlimit(OpenProcess& row);
Failure put_pgid(OpenProcess& row);
Failure put_sid(OpenProcess& row);

// A source of one process has one of the two functions. The name of a file is its path beneath the process's directory.
struct ProcessSource : SourceRow {
  PutFile put_file = nullptr;
  PutCall put_call = nullptr;
};

constexpr SourceScope kOne = SourceScope::kProcess;
constexpr bool kByNumber = true;

// The costs were measured on 10,000 sleeping processes.
constexpr ProcessSource kSources[] = {
    {{"status",
      bit(Field::name) | bit(Field::umask) | bit(Field::state) | bit(Field::ppid) | bit(Field::uids) | bit(Field::gids) |
          bit(Field::groups) | bit(Field::threads) | bit(Field::pgid) | bit(Field::sid) | bit(Field::sigmasks),
      5300, false, kOne}, put_status, nullptr},
    {{"stat",
      bit(Field::name) | bit(Field::state) | bit(Field::ppid) | bit(Field::pgid) | bit(Field::sid) |
          bit(Field::threads) | bit(Field::startTime),
      3900, false, kOne}, put_stat, nullptr},
    {{"limits", bit(Field::rlimits), 4500, false, kOne}, put_limits, nullptr},
    {{"prlimit64", bit(Field::rlimits), 2400, kByNumber, kOne}, nullptr, put_prlimit},
    {{"getpgid", bit(Field::pgid), 500, kByNumber, kOne}, nullptr, put_pgid},
    {{"getsid", bit(Field::sid), 500, kByNumber, kOne}, nullptr, put_sid},
    // bpf/walk.h reads it, for every process at once.
    {{"bpf",
      bit(Field::name) | bit(Field::ppid) | bit(Field::state) | bit(Field::uids) | bit(Field::gids) | bit(Field::groups) |
          bit(Field::umask) | bit(Field::sigmasks) | bit(Field::pgid) | bit(Field::sid) | bit(Field::threads) |
          bit(Field::startTime) | bit(Field::rlimits),
      900, false, SourceScope::kAll}, nullptr, nullptr},
};

constexpr size_t kSourceCount = sizeof kSources / sizeof kSources[0];
static_assert(kSourceCount <= SourcePlanner::kMaxSources && kSourceCount <= SourceCounts::kSources);
static_assert(index_of(Source::kBpf) == kSourceCount - 1, "the enum has the table's order");

constexpr const ProcessSource& row_of(Source source) { return kSources[index_of(source)]; }

// The sources that read one process, and of them the files.
constexpr SourceSet process_sources(bool by_number) {
  SourceSet sources = 0;
  for (size_t i = 0; i < kSourceCount; i++) {
    const ProcessSource& row = kSources[i];
    if (row.scope == SourceScope::kProcess && (by_number || !row.by_number)) sources |= SourceSet{1} << i;
  }
  return sources;
}
constexpr SourceSet kProcessSources = process_sources(true);
constexpr SourceSet kFileSources = process_sources(false);

// All that these sources bring.
constexpr FieldSet provided_by(SourceSet sources) {
  FieldSet fields = 0;
  for (size_t i = 0; i < kSourceCount; i++) {
    if ((sources >> i & 1) != 0) fields |= kSources[i].provides;
  }
  return fields;
}

// Calls `each` with every source of a set, in the table's order.
template <typename Each>
void for_each_source(SourceSet sources, Each each) {
  for (; sources != 0; sources &= sources - 1) each(static_cast<Source>(__builtin_ctz(sources)));
}

// The names in the table's order, null behind the last.
constexpr std::array<const char*, kSourceCount + 1> source_names() {
  std::array<const char*, kSourceCount + 1> names = {};
  for (size_t i = 0; i < kSourceCount; i++) names[i] = kSources[i].name;
  return names;
}

}  // namespace psutil
