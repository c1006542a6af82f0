// Turns a request into rows, with any source of processes. A `Reader` has
//   bool read(const ProcessRef&, FieldSet, TableBuilder&)   returns false if the process is gone; the open row has failed then
//   bool put(const Info&, FieldSet, TableBuilder&)          the same, from what has been read of every process
// and a `ProcessTable` has count(), operator[], pid() of a position, and shrink().
#pragma once

#include <cerrno>

#include "platform/backend.h"
#include "platform/shared/errno.h"

namespace psutil {

inline bool is_bound(const ProcessRef& target) { return target.is_bound(); }

// A row for each PID, in their order. `fields` may be more than the requested ones: a oneshot also takes what costs nothing.
template <typename Reader>
bool read_pids(const ReadRequest& request, FieldSet fields, Reader& reader, TableBuilder& table) {
  if (!table.begin(fields, request.count)) return false;
  for (size_t i = 0; i < request.count && !table.is_full() && !request.should_stop(i); i++) {
    ProcessRef target = {request.pids[i]};
    if (request.starts != nullptr) target.start = request.starts[i];
    const FieldSet wanted = request.sets == nullptr ? fields : request.fields_of(i);
    table.open_row(target.pid);
    if (!reader.read(target, wanted, table) && request.drop_gone) {
      table.drop_row();
    } else {
      table.keep_row();
    }
  }
  return !table.out_of_memory();
}

// A row for every process that still exists.
template <typename ProcessTable, typename Reader>
bool read_table(const ReadRequest& request, const ProcessTable& processes, Reader& reader, TableBuilder& table) {
  if (!table.begin(request.fields, processes.count())) return false;
  for (size_t i = 0; i < processes.count(); i++) {
    table.open_row(processes.pid(i));
    if (reader.put(processes[i], request.fields, table)) {
      table.keep_row();
    } else {
      table.drop_row();
    }
  }
  return !table.out_of_memory();
}

inline bool fail_all(const ReadRequest& request, const Failure& failure, TableBuilder& table) {
  if (!table.begin(request.fields, request.count)) return false;
  if (request.kind != ReadKind::kPids) table.refuse(failure);
  for (size_t i = 0; i < request.count; i++) {
    table.open_row(request.pids[i]);
    table.fail_row(failure);
    table.keep_row();
  }
  return !table.out_of_memory();
}

// Appends the PIDs of all processes that have been read.
template <typename ProcessTable>
Failure list_all(ProcessTable& processes, int64_t& cursor, Array<int32_t>& pids) {
  for (size_t i = 0; i < processes.count(); i++) {
    if (!pids.push(processes.pid(i))) return failure_of(ENOMEM, "malloc");
  }
  processes.shrink();
  cursor = -1;
  return {};
}

}  // namespace psutil
