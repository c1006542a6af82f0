// Reads the fields of processes into the rows of a table.
#pragma once

#include "core/frame_writer.h"
#include "platform/illumos/planner.h"
#include "platform/illumos/psinfo.h"
#include "platform/backend.h"

namespace psutil {

class ProcessReader {
 public:
  ProcessReader(const ProcRoot& root, Array<char>& scratch, SourceCounts& counts) : root_(root), scratch_(scratch), counts_(counts) {}

  // The fields that the files for this request provide.
  static FieldSet provided(const ReadRequest& request);

  // Fills the open row with these fields. Returns false if the process is gone; the row has failed then.
  bool read(const ProcessRef& target, FieldSet fields, TableBuilder& table);

  // Finds the process, or returns why there is none.
  Failure find(const ProcessRef& target, psinfo_t& info);

  bool is_own(int32_t pid) const;

 private:
  Failure fill(const ProcessRef& target, FieldSet fields, RowBuilder& row);
  Failure psinfo(const ProcessFiles& files, const ProcessRef& target, psinfo_t& info);
  Failure signals(const ProcessFiles& files, SignalSets& sets);
  Failure cred(const ProcessFiles& files);
  template <typename Read>
  Failure owners_file(const ProcessFiles& files, Source source, Read read);
  void own_groups(RowBuilder& row);
  void own_limits(RowBuilder& row);
  void count(Source source) { counts_.reads[static_cast<size_t>(source)]++; }

  const ProcRoot& root_;
  Array<char>& scratch_;
  SourceCounts& counts_;
};

// Sets one limit of the caller's own process. `before` is the limit that it replaces.
Failure set_rlimit(ProcessReader& reader, const ProcessRef& target, int32_t resource, const Limit& limit, Limit& before);

}  // namespace psutil
