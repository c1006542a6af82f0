// Which sources to read for the fields that are asked. A source is one read that brings several fields, such as a file
// of /proc/PID; a field may come from several. Only a source that no other can replace is certain, so the rest is
// searched: few overlap, and the plans of a program repeat.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/schema.h"

namespace psutil {

using SourceSet = uint32_t;

// Whether one read tells of one process, or of every process there is.
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

  SourcePlanner(const SourceRow* sources, size_t count) : sources_(sources), count_(count) {}

  // All that these sources bring.
  FieldSet provides(SourceSet sources) const;

  // The cheapest of the allowed sources that bring every field they can between them.
  SourceSet plan(FieldSet fields, SourceSet allowed);

 private:
  struct Search;
  struct Remembered {
    FieldSet fields = 0;
    SourceSet allowed = 0;
    SourceSet plan = 0;
  };

  SourceSet find(FieldSet fields, SourceSet allowed) const;

  const SourceRow* const sources_;
  const size_t count_;
  static constexpr size_t kRemembered = 16;
  Remembered remembered_[kRemembered];
  size_t oldest_ = 0;
};

}  // namespace psutil
