// Which sources to read for the fields that are asked.
#pragma once

#include "core/schema.h"
#include "core/frame_writer.h"

namespace psutil {

enum class Source : uint8_t { kStatus, kStat, kLimits, kPrlimit, kGetpgid, kGetsid };

using SourceMask = uint8_t;

constexpr SourceMask bit(Source source) { return static_cast<SourceMask>(1u << static_cast<unsigned>(source)); }

struct SourceRow {
  const char* name;
  FieldSet gives;
  int cost;          // nanoseconds a process, measured on 10,000 sleeping ones; only the order matters
  bool system_call;  // by PID: means a process in the caller's own PID namespace
};

constexpr size_t kSourceCount = 6;
static_assert(kSourceCount <= SourceCounts::kSources);

constexpr SourceRow kSources[kSourceCount] = {
    {"status",
     bit(Field::name) | bit(Field::umask) | bit(Field::state) | bit(Field::ppid) | bit(Field::uids) | bit(Field::gids) |
         bit(Field::groups) | bit(Field::threads) | bit(Field::pgid) | bit(Field::sid) | bit(Field::sigmasks),
     5300, false},
    {"stat",
     bit(Field::name) | bit(Field::state) | bit(Field::ppid) | bit(Field::pgid) | bit(Field::sid) | bit(Field::threads) |
         bit(Field::startTime),
     3900, false},
    {"limits", bit(Field::rlimits), 4500, false},
    {"prlimit64", bit(Field::rlimits), 2400, true},
    {"getpgid", bit(Field::pgid), 500, true},
    {"getsid", bit(Field::sid), 500, true},
};

constexpr SourceMask kAllSources = (1u << kSourceCount) - 1;
constexpr SourceMask kFileSources = bit(Source::kStatus) | bit(Source::kStat) | bit(Source::kLimits);

// All that these sources tell.
FieldSet gives(SourceMask sources);

// The cheapest of the allowed sources that give every field they can between them.
SourceMask plan(FieldSet fields, SourceMask allowed);

}  // namespace psutil
