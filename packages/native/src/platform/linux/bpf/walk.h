// A walk over every process by the kernel's own iterator over tasks.
#pragma once

#include "core/array.h"
#include "core/table_builder.h"
#include "core/frame_writer.h"
#include "platform/linux/bpf/loader.h"
#include "platform/linux/bpf/records.h"
#include "platform/linux/main_thread.h"
#include "platform/linux/row.h"
#include "platform/platform.h"

namespace psutil {

class TaskWalk {
 public:
  TaskWalk() = default;
  ~TaskWalk() { stop(); }
  TaskWalk(const TaskWalk&) = delete;
  TaskWalk& operator=(const TaskWalk&) = delete;

  // A part of a walk, see Platform::read. Rows that a record cannot hold are read by `others`. False only
  // where memory has run out.
  bool read(Root& root, const ReadRequest& request, RowReader& others, MainThread& main_thread, TableBuilder& table,
            SourceCounts& counts);

  // Closes everything where this thread may no longer do what is open. Called whenever the thread reads.
  void look_at_privileges();

 private:
  Failure start(Root& root, const ReadRequest& request, unsigned wants);
  Failure fill(bool& ended, SourceCounts& counts);
  void stop();

  TaskProgram program_;
  // What is left of a walk that was stopped: its next part goes on from here, if it comes to this thread.
  double walk_ = 0;
  int32_t next_ = -1;
  unsigned wants_ = 0;
  int iterator_ = -1;
  TaskRecords records_;
};

// Writes what a record tells into the open row; false where it cannot hold all of these fields.
bool put_record(const Task& task, FieldSet fields, TableBuilder& table);

// What must be wanted for these fields: TaskWants.
unsigned wants_for(FieldSet fields);

}  // namespace psutil
