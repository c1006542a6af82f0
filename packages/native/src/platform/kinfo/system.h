// What each system provides in its own folder. Everything else of its backend is here.
#pragma once

#include "core/array.h"
#include "core/frame_writer.h"
#include "platform/backend.h"
#include "platform/kinfo/kinfo.h"

namespace psutil {

// backend.cc.
struct System {
  const char* name;
  Reach get_rlimit;
  Reach set_rlimit;
  FieldSet table_fields = 0;  // fields of every process that read_process_table() reads by calls of its own
  // With this flag of EVFILT_PROC an exit has a status, and a caller that may not see it is refused; 0 where it always has one.
  uint32_t exit_status_flag = 0;
};
extern const System kSystem;

// process_struct.cc: the struct in which the system returns a process.
struct ProcessStruct {
  FieldSet fields;
  uint32_t signal_sets;
  // The kernel finds a PID by walking over every process: many PIDs are then better read with all others.
  bool pid_lookup_is_linear = false;
  // How many microseconds off the same start may be after the clock was set.
  double start_tolerance = 0;
};
extern const ProcessStruct kProcessStruct;

// `fields` are those that are requested: some cost more.
Failure read_kinfo(int32_t pid, FieldSet fields, Kinfo& info);

// Appends every process, zombies among them. `bytes` is room to work in.
Failure read_process_table(FieldSet fields, Array<char>& bytes, SourceCounts& counts, Array<Kinfo>& processes);

// What the system adds to a start, in microseconds since the epoch: the time when it booted (boot_time.cc), which moves when
// the clock is set, or 0 (time_of_day.cc).
Failure read_boot_time(int64_t& boot);

// The sources that every system has. They come first in PerProcessCalls::sources.
enum CommonSource : size_t { kLookup, kTable, kFirstCall };

// What the calls of one request share.
struct CallContext {
  Array<char>& bytes;  // room to work in
  SourceCounts& counts;
  void count(size_t source) { counts.reads[source]++; }
};

// per_process_calls.cc: calls that read one process each.
struct PerProcessCalls {
  const char* const* sources;  // names; null behind the last
  // What takes a call, where the Kinfo does not have it.
  FieldSet fields;
  // Puts one of these fields, or returns why it cannot.
  Failure (*read)(Field field, const Kinfo& info, CallContext& context, RowBuilder& row);
  // Sets one limit of another process and returns the limit before; null if the system cannot.
  Failure (*exchange_rlimit)(int32_t pid, int32_t resource, const Limit& limit, Limit& before) = nullptr;
  // Why such a call finds no process, although there is one; null: because the process has ended.
  Failure (*why_absent)(const Kinfo& info) = nullptr;
};
extern const PerProcessCalls kPerProcessCalls;

}  // namespace psutil
