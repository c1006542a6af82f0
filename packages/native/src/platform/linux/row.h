// Reads the fields of one process after another into the rows of the columns.
#pragma once

#include "core/array.h"
#include "core/columns.h"
#include "core/frame.h"
#include "platform/linux/planner.h"
#include "platform/linux/root.h"
#include "platform/linux/status.h"
#include "platform/platform.h"

namespace psutil {

// What a thread keeps from read to read: buffers, and where lines stood in the last file.
struct Scratch {
  StatusLayout layout;
  Array<char> name;
  Array<uint32_t> groups;
};

class RowReader {
 public:
  RowReader(Root& root, Scratch& scratch, SourceCounts& counts) : root_(root), scratch_(scratch), counts_(counts) {}

  // Decides which sources answer this request, and tells the fields that they bring.
  FieldMask prepare(const ReadRequest& request);

  // Fills the open row with these fields. False where the process is gone; the row says so then.
  bool read(const Target& target, FieldMask fields, Columns& columns);

 private:
  struct Row;
  struct Plan {
    SourceMask allowed = 0;
    SourceMask sources = 0;
    bool probe = false;  // make sure by a system call that the PID is not a thread's id
  };

  void make_plans(FieldMask fields);
  Plan make_plan(bool bound) const;
  bool bind(Row& row);
  void read_sources(Row& row, SourceMask sources);
  Failure read_status(Row& row);
  Failure read_stat(Row& row);
  Failure read_limits(Row& row);
  Failure read_prlimit(Row& row);
  Failure read_getpgid(Row& row);
  Failure read_getsid(Row& row);
  Failure put_stat(Row& row, std::string_view text);
  Failure file(Row& row, const char* name, std::string_view& text);
  bool has_directory(int32_t pid);
  Failure explain(const Row& row, Failure failure);
  Failure why_missing(const Row& row, Field field);

  Root& root_;
  Scratch& scratch_;
  SourceCounts& counts_;
  bool whole_sources_ = false;
  bool listed_ = false;
  FieldMask fields_ = 0;  // that the plans are for
  Plan plans_[2];  // for a PID alone, and for a process of a given start time
};

// Whether a process in the caller's PID namespace has this number, be it hidden or a zombie.
bool is_process(int32_t pid);

}  // namespace psutil
