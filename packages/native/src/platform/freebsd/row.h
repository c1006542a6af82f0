// Reads the fields of one process after another into the rows of the columns.
#pragma once

#include "core/columns.h"
#include "core/frame.h"
#include "platform/freebsd/kinfo.h"
#include "platform/platform.h"

namespace psutil {

enum class Source : uint8_t { kPid, kProc, kUmask, kGroups, kRlimit };
constexpr const char* kSourceNames[] = {"kern.proc.pid",    "kern.proc.proc",   "kern.proc.umask",
                                        "kern.proc.groups", "kern.proc.rlimit", nullptr};

class RowReader {
 public:
  // `boot` is the boot time as it was when the request began.
  RowReader(Array<char>& groups, SourceCounts& counts, int64_t boot) : groups_(groups), counts_(counts), boot_(boot) {}

  // Fills the open row with these fields. False where the process is gone; the row says so then.
  bool read(const Target& target, FieldMask fields, Columns& columns);

  // Fills the open row from what has been read of every process. False as above.
  bool put(const kinfo_proc& info, FieldMask fields, Columns& columns);

  // The process that is meant, or why there is none.
  Failure find(const Target& target, kinfo_proc& info);

 private:
  bool singles(const Target& target, const kinfo_proc& info, OpenRow& row);
  Failure explain(const Target& target, const Failure& failure);
  void count(Source source) { counts_.reads[static_cast<size_t>(source)]++; }

  Array<char>& groups_;
  SourceCounts& counts_;
  int64_t boot_;
};

// Sets one limit of exactly the process that is meant; `before` is what stood there.
Failure set_rlimit(RowReader& reader, const Target& target, int32_t resource, const Limit& limit, Limit& before);

}  // namespace psutil
