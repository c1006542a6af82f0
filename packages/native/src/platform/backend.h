// The contract that every system's backend implements, in `backend.cc` of its folder. The build picks the folder. Calls
// block. A Backend belongs to one thread and shares nothing with others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "core/array.h"
#include "core/table_builder.h"
#include "core/failure.h"
#include "core/schema.h"
#include "core/frame_writer.h"
#include "platform/action.h"
#include "platform/process_ref.h"

namespace psutil {

// Of which processes something can be read or changed, permissions aside.
enum class Reach : uint8_t { kNone, kOwn, kAny };

// A number that has a name in the system's own headers.
struct Named {
  const char* name;
  int32_t number;
};

struct Capabilities {
  const char* name;            // of the backend: "linux", "freebsd", "unsupported"
  const char* reading;         // what it reads: "procfs", "sysctl"
  FieldSet fields;            // that it can read
  FieldSet bulk;              // that one call reads of every process
  uint32_t signal_sets;        // members of SignalSets that it can read, a bit each
  bool list;                   // every PID
  Reach get_rlimit;
  Reach set_rlimit;
  const char* const* sources;  // names of the SourceCounts; null behind the last
  // A faster way to read every process, which a machine may lack or refuse: "bpf", or null. The function returns why this
  // machine refuses it, or ok, without trying it. With `of_privileges` it makes one system call and returns which privilege
  // the thread lacks; a thread may gain and lose privileges.
  const char* walk = nullptr;
  Failure (*refusal_of_walk)(bool of_privileges) = nullptr;
  bool reads_list = false;  // supports ReadKind::kCursor with `listed`
};

Capabilities capabilities();

// Which processes a read is of.
enum class ReadKind : uint8_t {
  kPids,    // a row for each PID of the request
  kTable,   // every process, by one system call: fields in Capabilities::bulk
  kCursor,  // every process, in parts: from the list of PIDs if `listed` is set, else by Capabilities::walk
};

// One part of a read of every process. A part begins where TableBuilder::next() of the part before ends. Any Backend can
// read any part; the one that read the part before is the fastest.
struct CursorPart {
  double number;  // the same for all parts of a read
  int32_t from;   // 0 at first
  size_t max;     // rows
};

struct ReadRequest {
  ReadKind kind;
  FieldSet fields;     // all that are requested of any process
  bool whole_sources;  // also return the other fields of each source that is read (a oneshot)
  bool listed;         // the PIDs come from list(): none is a thread's id
  bool drop_gone;      // leave out a process that is gone, rather than failing its row
  // null, or: stop after a row or two while the value is above 0, or when the platform sees that this read delays the
  // program's main thread.
  const int32_t* urgent_pending;

  // kPids.
  const int32_t* pids;
  const double* starts;  // null: any
  size_t count;
  const double* sets;     // a table of field sets; null: `fields` of every PID
  const uint8_t* set_of;  // for each PID, its position in `sets`

  // kCursor.
  CursorPart cursor;

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

constexpr double kDefaultStallTimeout = 2000;

class Backend {
 public:
  // `proc_root` is copied; it is opened at the first read. A read that waits for another process's memory map for longer
  // than `stall_timeout` milliseconds has failed.
  explicit Backend(const char* proc_root, double stall_timeout = kDefaultStallTimeout);
  ~Backend();
  Backend(const Backend&) = delete;
  Backend& operator=(const Backend&) = delete;

  // Fills `table` with a row for each PID in their order, or for every process. If the processes cannot be listed, the table
  // has a refusal. Returns false only if memory has run out. A table that is full takes no more rows.
  bool read(const ReadRequest& request, TableBuilder& table, SourceCounts& counts);

  // Appends about `max` PIDs from `cursor` on, 0 at first; sets `cursor` to the next position, or to -1 after the last.
  // `urgent_pending` as in ReadRequest.
  Failure list(int64_t& cursor, size_t max, const int32_t* urgent_pending, Array<int32_t>& pids);

  // Changes one process. Appends the values that it had before.
  Failure act(const Action& action, ActionResult& before);

  // Called when there has been nothing to do for some time: ends what helps with reads. Returns whether it is to be called
  // again.
  bool rest();

  // The clock of startTime, and its current time (NaN if the system has none).
  Clock clock();
  double now();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace psutil
