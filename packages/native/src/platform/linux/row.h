// Reads the fields of one process after another into the rows of the table.
#pragma once

#include "core/array.h"
#include "core/table_builder.h"
#include "core/frame_writer.h"
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

struct OpenProcess;

class RowReader {
 public:
  RowReader(Root& root, Scratch& scratch, SourceCounts& counts) : root_(root), scratch_(scratch), counts_(counts) {}

  // Decides which sources answer this request, and tells the fields that they bring.
  FieldSet prepare(const ReadRequest& request);

  // Fills the open row with these fields. False where the process is gone; the row says so then.
  bool read(const Target& target, FieldSet fields, TableBuilder& table);

 private:
  struct Plan {
    SourceMask allowed = 0;
    SourceMask sources = 0;
    bool probe = false;  // make sure by a system call that the PID is not a thread's id
  };

  void make_plans(FieldSet fields);
  Plan make_plan(bool bound) const;
  Failure bind(OpenProcess& row);
  void read_sources(OpenProcess& row, SourceMask sources);
  SourceMask open_first(OpenProcess& row, SourceMask sources);
  void settle(OpenProcess& row, SourceMask sources, const Failure& failure);
  Failure why_lost(const OpenProcess& row);
  Failure why_missing(const OpenProcess& row, Field field);
  Failure explain(const OpenProcess& row, Failure failure);
  Failure read_file(OpenProcess& row, Source source, std::string_view& text);
  Failure open_file(const OpenProcess& row, const char* name, int& file);
  bool has_directory(int32_t pid);

  // In row_sources.cc: what each brings.
  Failure read_source(OpenProcess& row, Source source);
  Failure read_status(OpenProcess& row);
  Failure put_status(OpenProcess& row, const StatusText& status, FieldSet wanted);
  Failure put_stat(OpenProcess& row, std::string_view text);
  void read_living_thread(OpenProcess& row);
  Failure read_limits(OpenProcess& row);
  Failure read_prlimit(OpenProcess& row);
  Failure read_getpgid(OpenProcess& row);
  Failure read_getsid(OpenProcess& row);

  Root& root_;
  Scratch& scratch_;
  SourceCounts& counts_;
  bool whole_sources_ = false;
  bool listed_ = false;
  bool lacks_boot_ = false;  // start times cannot be converted
  FieldSet fields_ = 0;  // that the plans are for
  Plan plans_[2];  // for a PID alone, and for a process of a given start time
};

// Whether a process in the caller's PID namespace has this number, be it hidden or a zombie.
bool is_process(int32_t pid);

}  // namespace psutil
