// The contract that every system's backend implements, one `platform.cc` a folder; the build picks the
// folder. Calls block. A Platform belongs to one thread and shares nothing with another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "core/array.h"
#include "core/table_builder.h"
#include "core/failure.h"
#include "core/schema.h"
#include "core/frame_writer.h"

namespace psutil {

// Of which processes something can be told or changed, permissions aside.
enum class Reach : uint8_t { kNone, kOwn, kAny };

// A number that the system's own headers give a name.
struct Named {
  const char* name;
  int32_t number;
};

struct Capabilities {
  const char* name;            // of the backend: "linux", "freebsd", "unsupported"
  const char* reading;         // what it reads: "procfs", "sysctl"
  FieldSet fields;            // that it can read
  FieldSet bulk;              // that one call reads of every process
  uint32_t signal_sets;        // members of SignalSets that it can tell, a bit each
  bool list;                   // every PID
  Reach get_rlimit;
  Reach set_rlimit;
  const char* const* sources;  // names of the SourceCounts; null behind the last
  // A quicker way to read every process, which a machine may lack or refuse: "bpf", or null. The function returns why
  // this machine refuses it, or ok, without trying it. With `of_privileges` it makes one system call and returns what
  // the thread lacks, which it may gain and lose.
  const char* walk = nullptr;
  Failure (*refusal_of_walk)(bool of_privileges) = nullptr;
  bool reads_list = false;  // goes through the list of PIDs itself, see ReadRequest
};

Capabilities capabilities();

// Which process is meant: a PID alone, or with the start time that the process must have.
struct Target {
  static constexpr double kAnyStart = -1;
  // Any start, and the one that is found is to distinguish the process from every other, at whatever cost.
  static constexpr double kIdentify = -2;
  int32_t pid;
  double start = kAnyStart;  // Clock ticks; see also linux/pidfd.h
  bool is_bound() const { return start != kAnyStart && start != kIdentify; }
};

struct ReadRequest {
  const int32_t* pids;     // null: every process, of fields in Capabilities::bulk by one call, or by a walk: over
                         // the list of PIDs where `listed` is set, and by Capabilities::walk where not
  const double* starts;  // null: any
  size_t count;
  FieldSet fields;        // all that are asked of any process
  const double* masks;  // the sets asked of each; null: all of all
  bool whole_sources;  // bring all that the sources tell which are read anyhow (a oneshot)
  bool listed;         // the PIDs come from list(): none is a thread's id
  bool drop_gone;      // leave out a process that is gone, rather than failing its row
  const int32_t* hurry;  // null, or: stop early, after a row or two, while it is above 0, or where the platform sees
                         // that this read is in the way of the program's main thread
  // Of a walk, which may be read in parts: each has its number, and goes on from TableBuilder::next() of the last.
  // Any part may be read by any Platform, soonest by the one that read the last.
  double walk;
  int32_t from;  // 0 at first
  size_t most;   // rows

  // Those asked of the PID at this position. JavaScript has sets as numbers, which are exact in 53 bits.
  FieldSet fields_of(size_t position) const {
    static_assert(kFieldCount <= 53);
    return masks == nullptr ? fields : static_cast<FieldSet>(masks[position]);
  }

  // Whether to stop before the PID at this position, for somebody who waits behind this request.
  bool should_stop(size_t position) const {
    return hurry != nullptr && position >= kLeast && __atomic_load_n(hurry, __ATOMIC_RELAXED) > 0;
  }

  // Whether to look, before the PID at this position, if this read is in anybody's way.
  bool looks_around(size_t position) const { return hurry != nullptr && position % kFew == kFew - 1; }

  static constexpr size_t kLeast = 2;
  static constexpr size_t kFew = 8;
};

struct Limit {
  uint64_t soft;
  uint64_t hard;
};

class Platform {
 public:
  // `proc_root` is copied; it is opened at the first read.
  explicit Platform(const char* proc_root);
  ~Platform();
  Platform(const Platform&) = delete;
  Platform& operator=(const Platform&) = delete;

  // Fills `table`, a row for each PID in their order, or for every process; where nobody can
  // say which processes there are, refuses them. False only where memory has run out.
  bool read(const ReadRequest& request, TableBuilder& table, SourceCounts& counts);

  // Appends about `most` PIDs from `cursor` on, 0 at first; leaves the next cursor, or -1 behind the last.
  // `hurry` as in ReadRequest.
  Failure list(int64_t& cursor, size_t most, const int32_t* hurry, Array<int32_t>& pids);

  // Sets one limit and answers with the one that stood before.
  Failure set_rlimit(const Target& target, int32_t resource, const Limit& limit, Limit& before);

  // That startTime counts by, and its time now (NaN where a system has none).
  Clock clock();
  double now();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace psutil
