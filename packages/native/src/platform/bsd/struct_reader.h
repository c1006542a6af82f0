// Reads the fields of one process after another into the rows of the table, straight from the system's own struct,
// where a kinfo_proc has nearly all, the start time in it stays what it is when the clock is set, and a PID is found
// at once. (bsd/process_reader.h is for those where one of that does not hold.) A `System` says what is its own:
//   Info                                          what one call returns about a process
//   Failure look_up(int32_t pid, Info&)           by its number
//   static int32_t pid_of(const Info&)
//   static double start_of(const Info&)
//   void put_info(const Info&, RowBuilder&)
//   bool put_rest(const Info&, RowBuilder&)          beside it, the rest of Capabilities::bulk; false: it has changed
//   static constexpr Field kPerProcessFields[]             what takes a call of its own
//   Failure read_by_call(Field, const Info&, RowBuilder&)
//   void count_table()                         before every process is read
//   Failure why_absent(const Info&)                   why such a call finds no process, although there is one
#pragma once

#include "core/table_builder.h"
#include "platform/backend.h"
#include "platform/shared/row_loop.h"
#include "platform/shared/row_builder.h"

namespace psutil {

template <typename System>
class StructReader {
 public:
  using Info = typename System::Info;

  explicit StructReader(System& system) : system_(system) {}

  // Fills the open row with these fields. False where the process is gone; the row says so then.
  bool read(const ProcessRef& target, FieldSet fields, TableBuilder& table) {
    RowBuilder row(table, fields);
    Info info;
    const Failure failure = find(target, info);
    if (!failure.ok()) {
      table.fail_row(failure);
      return failure.kind != Failure::Kind::kGone;
    }
    system_.put_info(info, row);
    if (!put_per_process(target, info, row)) {
      table.fail_row(gone("sysctl"));
      return false;
    }
    row.finish(unsupported("sysctl"));
    return true;
  }

  // Fills the open row from what has been read of every process. False as above.
  bool put(const Info& info, FieldSet fields, TableBuilder& table) {
    RowBuilder row(table, fields);
    system_.put_info(info, row);
    // What has been read is of the past: nothing of it may stand beside what is of now.
    if (!system_.put_rest(info, row)) return read({System::pid_of(info), System::start_of(info)}, fields, table);
    row.finish(unsupported("sysctl"));
    return true;
  }

  // The process that is meant, or why there is none.
  Failure find(const ProcessRef& target, Info& info) {
    if (target.pid < 0) return gone("sysctl");
    const Failure failure = system_.look_up(target.pid, info);
    if (!failure.ok() || !is_bound(target) || System::start_of(info) == target.start) return failure;
    return gone("sysctl");
  }

 private:
  // False where the PID is no longer that process's.
  bool put_per_process(const ProcessRef& target, const Info& info, RowBuilder& row) {
    bool asked = false;
    for (const Field field : System::kPerProcessFields) {
      if (!row.wants(field)) continue;
      asked = true;
      const Failure failure = explain(target, system_.read_by_call(field, info, row));
      if (failure.kind == Failure::Kind::kGone) return false;
      row.fail(field, failure);
    }
    if (!asked || !is_bound(target)) return true;
    // Those calls know the PID alone: it must still be the same process's now.
    Info after;
    return find(target, after).ok();
  }

  Failure explain(const ProcessRef& target, const Failure& failure) {
    if (failure.kind != Failure::Kind::kGone) return failure;
    Info info;
    const Failure found = find(target, info);
    return found.ok() ? system_.why_absent(info) : found;
  }

  System& system_;
};

// What Backend::read does with it. `whole` is what a kinfo_proc has: a oneshot takes all of it.
template <typename System, typename ProcessTable>
bool answer(const ReadRequest& request, FieldSet whole, System& system, ProcessTable& processes, TableBuilder& table) {
  StructReader<System> reader(system);
  if (request.kind == ReadKind::kPids) {
    return read_pids(request, request.whole_sources ? request.fields | whole : request.fields, reader, table);
  }
  system.count_table();
  const Failure failure = processes.read();
  if (!failure.ok()) return fail_all(request, failure, table);
  const bool answered = read_table(request, processes, reader, table);
  processes.shrink();
  return answered;
}

}  // namespace psutil
