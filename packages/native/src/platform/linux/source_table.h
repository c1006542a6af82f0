// The sources of fields on Linux, a row for each. The rows are generated from schema/linux-sources.mjs, and each has a function
// in sources/.
#pragma once

#include <array>
#include <cerrno>
#include <string_view>

#include "core/failure.h"
#include "core/source_counts.h"
#include "platform/shared/source_planner.h"

namespace psutil {

struct OpenProcess;

// Puts the text of a source's file into the row.
using PutFile = Failure (*)(OpenProcess& row, std::string_view text);
// Reads beneath the process's directory, and puts what it finds into the row.
using PutDirectory = Failure (*)(OpenProcess& row, int directory);
// Calls the system with the row's PID, and puts what it returns into the row.
using PutCall = Failure (*)(OpenProcess& row);

// Which function a source has. A null check of its pointer is not a constant for a compiler with sanitizers.
enum class SourceKind : uint8_t { kFile, kDirectory, kCall, kAll };

// A source of one process has one of the three functions. The name of a file is its path beneath the process's directory.
struct ProcessSource : SourceRow {
  SourceKind kind = SourceKind::kAll;
  PutFile put_file = nullptr;
  PutDirectory put_directory = nullptr;
  PutCall put_call = nullptr;
  int absent = 0;  // the errno that means that there is no such value
  bool blocks = false;  // may wait for the memory map of the process
};

}  // namespace psutil

#include "platform/linux/sources.generated.h"

namespace psutil {

constexpr SourceSet bit(Source source) { return SourceSet{1} << static_cast<unsigned>(source); }
constexpr size_t index_of(Source source) { return static_cast<size_t>(source); }

constexpr size_t kSourceCount = sizeof kSources / sizeof kSources[0];
static_assert(kSourceCount <= SourcePlanner::kMaxSources && kSourceCount <= SourceCounts::kSources);

constexpr const ProcessSource& row_of(Source source) { return kSources[index_of(source)]; }

// The sources that read one process, and those of them that are files.
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
constexpr SourceSet kCallSources = kProcessSources & ~kFileSources;

// The sources that read beneath the process's directory.
constexpr SourceSet directory_sources() {
  SourceSet sources = 0;
  for (size_t i = 0; i < kSourceCount; i++) sources |= SourceSet{kSources[i].kind == SourceKind::kDirectory} << i;
  return sources;
}
constexpr SourceSet kDirectorySources = directory_sources();

// The sources that wait for the memory map of the process. They are empty if it has none; `stat` in the same directory shows
// why.
constexpr SourceSet blocking_sources() {
  SourceSet sources = 0;
  for (size_t i = 0; i < kSourceCount; i++) sources |= SourceSet{kSources[i].blocks} << i;
  return sources;
}
constexpr SourceSet kBlockingSources = blocking_sources();

// A source that reads an open directory needs no file that is opened first and read last. A blocking file could not be that
// file.
constexpr SourceSet kNeedDirectory = kDirectorySources | kBlockingSources;

// The fields that these sources provide.
constexpr FieldSet provided_by(SourceSet sources) {
  FieldSet fields = 0;
  for (size_t i = 0; i < kSourceCount; i++) {
    if ((sources >> i & 1) != 0) fields |= kSources[i].provides;
  }
  return fields;
}

// The calls that provide a field which no file has.
constexpr SourceSet only_calls() {
  SourceSet sources = 0;
  for (size_t i = 0; i < kSourceCount; i++) {
    const bool is_only = (kCallSources >> i & 1) != 0 && (kSources[i].provides & ~provided_by(kFileSources)) != 0;
    sources |= SourceSet{is_only} << i;
  }
  return sources;
}
constexpr SourceSet kOnlyCalls = only_calls();

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
