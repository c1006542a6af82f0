// Reads the fields of one process after another into the rows of the table.
#pragma once

#include "core/table_builder.h"
#include "core/frame_writer.h"
#include "platform/bsd/system.h"
#include "platform/backend.h"

namespace psutil {

class ProcessReader {
 public:
  // `boot` is the boot time as it was when the request began.
  ProcessReader(Array<char>& bytes, SourceCounts& counts, int64_t boot) : bytes_(bytes), counts_(counts), boot_(boot) {}

  // Fills the open row with these fields. False where the process is gone; the row says so then.
  bool read(const ProcessRef& target, FieldSet fields, TableBuilder& table);

  // The same from what has been read of every process.
  bool put(const ProcessRef& target, const Kinfo& info, FieldSet fields, TableBuilder& table);
  bool put(const Kinfo& info, FieldSet fields, TableBuilder& table) { return put({info.pid}, info, fields, table); }

  // Whether the process that is meant has its PID, or why not.
  Failure find(const ProcessRef& target);

  // Sets one limit of exactly the process that is meant; `before` is what stood there.
  Failure set_rlimit(const ProcessRef& target, int32_t resource, const Limit& limit, Limit& before);

 private:
  Failure find(const ProcessRef& target, FieldSet fields, Kinfo& info);
  bool is_start_of(const Kinfo& info, double start) const;
  bool fill(const ProcessRef& target, const Kinfo& info, RowBuilder& row);
  Failure explain(const ProcessRef& target, const Failure& failure);
  void count(Source source) { counts_.reads[static_cast<size_t>(source)]++; }

  Array<char>& bytes_;
  SourceCounts& counts_;
  int64_t boot_;
};

}  // namespace psutil
