// A read: which processes, which of their fields, and when to stop early.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/schema.h"

namespace psutil {

// Which processes to read.
enum class ReadKind : uint8_t {
  kPids,    // a row for each PID of the request
  kTable,   // every process, by one system call: fields in Capabilities::bulk
  kCursor,  // every process, in parts: from the list of PIDs if `listed` is set, else by Capabilities::walk
};

// Readings of a sampler are compared with each other. So processor time is as exact as its source, not in ticks; `memory` may
// lack all but `rss` and `vms`, which takes one file less; and what was opened for a reading may stay open for the next.

// One part of a read of every process. A part begins where TableBuilder::next() of the part before ends. Any Backend can
// read any part; the one that read the part before is the fastest.
struct CursorPart {
  double number;  // the same for all parts of a read
  int32_t from;   // 0 at first
  size_t max;     // rows
};

struct ReadRequest {
  ReadKind kind;
  FieldSet fields;     // the union of the sets of all processes
  bool whole_sources;  // also return the other fields of each source that is read (a oneshot)
  bool listed;         // the PIDs come from list(): none is a thread's id
  bool drop_gone;      // leave out a process that is gone, rather than failing its row
  bool sampled;        // one of the readings of a sampler, see below
  // If it is not null, the read stops after a row or two while the value is above 0, and when the platform detects that the
  // read delays the program's main thread.
  const int32_t* urgent_pending;

  // kPids.
  const int32_t* pids;
  const double* starts;  // null: any
  size_t count;
  const double* sets;     // a table of field sets; null: `fields` of every PID
  const uint8_t* set_of;  // for each PID, its position in `sets`

  // kCursor.
  CursorPart cursor;
  // If `sampled` and `listed` are set: whose reading it is, until Backend::end_sampler(). 0 is none, and nothing stays open.
  uint32_t sampler;
  int64_t max_held;  // how many descriptors may stay open; below 0: as many as the platform decides

  // The fields of the PID at this position. In JavaScript a set is a number, which is exact in 53 bits.
  FieldSet fields_of(size_t position) const {
    static_assert(kFieldCount <= 53);
    return sets == nullptr ? fields : static_cast<FieldSet>(sets[set_of[position]]);
  }

  // Whether to stop before the PID at this position, because an urgent request waits behind this one.
  bool should_stop(size_t position) const {
    return urgent_pending != nullptr && position >= kMinRows && __atomic_load_n(urgent_pending, __ATOMIC_RELAXED) > 0;
  }

  // Whether to check, before the PID at this position, if this read delays the main thread.
  bool checks_delay(size_t position) const { return urgent_pending != nullptr && position % kFew == kFew - 1; }

  static constexpr size_t kMinRows = 2;
  static constexpr size_t kFew = 8;
};

}  // namespace psutil
