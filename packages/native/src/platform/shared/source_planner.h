// Chooses the sources to read for the requested fields. A source is one read that provides several fields, such as a file of
// /proc/PID. Where a field has one source, that source is taken. Where it has several, the cheapest set is searched for: few
// sources overlap, and a program repeats its plans.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/schema.h"

namespace psutil {

using SourceSet = uint32_t;

// Whether one read is of one process, or of every process.
enum class SourceScope : uint8_t { kProcess, kAll };

struct SourceRow {
  const char* name;
  FieldSet provides;
  int cost;           // nanoseconds a process; only the order matters
  bool by_number;     // a system call by PID: it means a process in the caller's own PID namespace
  SourceScope scope = SourceScope::kProcess;
};

class SourcePlanner {
 public:
  static constexpr size_t kMaxSources = 32;

  // Takes the first `count` rows of a table. Its rows may have more members.
  template <typename Row>
  SourcePlanner(const Row* sources, size_t count) {
    for (size_t i = 0; i < count && i < kMaxSources; i++) {
      provides_[i] = sources[i].provides;
      costs_[i] = sources[i].cost;
    }
  }

  // The fields that these sources provide.
  FieldSet provides(SourceSet sources) const;

  // The cheapest of the allowed sources that together provide every field that any of them can.
  SourceSet plan(FieldSet fields, SourceSet allowed);

  // The same, without the remembered plans.
  SourceSet find(FieldSet fields, SourceSet allowed) const;

 private:
  struct Search;
  struct Remembered {
    FieldSet fields = 0;
    SourceSet allowed = 0;
    SourceSet plan = 0;
  };

  FieldSet provides_[kMaxSources] = {};
  int costs_[kMaxSources] = {};
  static constexpr size_t kRemembered = 16;
  Remembered remembered_[kRemembered];
  size_t oldest_ = 0;
};

}  // namespace psutil
