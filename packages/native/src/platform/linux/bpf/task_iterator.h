// A walk over every process by the kernel's own iterator over tasks.
#pragma once

#include "core/array.h"
#include "core/table_builder.h"
#include "core/frame_writer.h"
#include "platform/linux/bpf/program_loader.h"
#include "platform/linux/bpf/records.h"
#include "platform/linux/bpf/second_look.h"
#include "platform/linux/starvation_monitor.h"
#include "platform/linux/process_reader.h"
#include "platform/backend.h"

namespace psutil {

class TaskIterator {
 public:
  // Of the fields that a record has, these are taken from it.
  explicit TaskIterator(FieldSet provides = row_of(Source::kBpf).provides) : provides_(provides) {}
  ~TaskIterator() { stop(); }
  TaskIterator(const TaskIterator&) = delete;
  TaskIterator& operator=(const TaskIterator&) = delete;

  // A part of a walk, see Backend::read. What a record lacks is read by `files`. False only where memory has run out.
  bool read(ProcRoot& root, const ReadRequest& request, ProcessReader& files, StarvationMonitor& starvation, TableBuilder& table,
            SourceCounts& counts);

  // Closes everything where this thread may no longer do what is open. Called whenever the thread reads.
  void look_at_privileges();

 private:
  Failure start(ProcRoot& root, const ReadRequest& request, unsigned wants);
  bool put(const Task& task, FieldSet held, FieldSet fields, ProcessReader& files, TableBuilder& table);
  Failure fill(TaskRecords& records, int& iterator, bool& ended, SourceCounts& counts);
  Failure verify(const ReadRequest& request, TableBuilder& table, SourceCounts& counts);
  void stop();

  const FieldSet provides_;
  TaskProgram program_;
  // What is left of a walk that was stopped: its next part goes on from here, if it comes to this thread.
  double walk_ = 0;
  int32_t next_ = -1;
  unsigned wants_ = 0;
  int iterator_ = -1;
  TaskRecords records_;
  SecondLook second_look_;
  TaskRecords seen_again_;
};

// Those of the fields whose values this record holds.
FieldSet held_by(const TaskRecord& record, FieldSet fields);

// Puts these fields of the record into the open row.
void put_record(const Task& task, FieldSet fields, TableBuilder& table);

// In ticks, as ProcessRef::start; where it was wanted.
double start_of(const TaskRecord& record);

// What the program must write for these fields: TaskWants.
unsigned wants_for(FieldSet fields);

}  // namespace psutil
