// Reads the fields of processes into the rows of a table.
#pragma once

#include "core/table_builder.h"
#include "platform/kinfo/system.h"

namespace psutil {

class ProcessReader {
 public:
  // `boot` is the boot time as it was when the request began.
  ProcessReader(CallContext context, int64_t boot) : context_(context), boot_(boot) {}

  // Fills the open row with these fields. Returns false if the process is gone; the row has failed then.
  bool read(const ProcessRef& target, FieldSet fields, TableBuilder& table);

  // The same, from what has been read of every process.
  bool put(const ProcessRef& target, const Kinfo& info, FieldSet fields, TableBuilder& table);
  bool put(const Kinfo& info, FieldSet fields, TableBuilder& table) { return put({info.pid}, info, fields, table); }

  // Whether the process that is meant has its PID, or why not.
  Failure find(const ProcessRef& target);

  // Sets one limit of this process, and of no later one of the same PID. `before` is the limit that it replaces.
  Failure set_rlimit(const ProcessRef& target, int32_t resource, const Limit& limit, Limit& before);

 private:
  Failure find(const ProcessRef& target, FieldSet fields, Kinfo& info);
  bool is_start_of(const Kinfo& info, double start) const;
  bool fill(const ProcessRef& target, const Kinfo& info, RowBuilder& row);
  Failure explain(const ProcessRef& target, const Failure& failure);
  Failure exchange_rlimit(int32_t pid, int32_t resource, const Limit& limit, Limit& before);

  CallContext context_;
  int64_t boot_;
};

}  // namespace psutil
