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
#include "platform/linux/terminal_names.h"
#include "platform/linux/user_names.h"
#include "platform/backend.h"

namespace psutil {

// What becomes a name by another file, or by asking; and what is the same for every process here.
struct RecordNames {
  TerminalNames& terminals;
  UserNames& users;
  uint32_t namespaces;  // a bit for each that this kernel has, as the members of Field::namespaces
  bool exact_times = false;  // nanoseconds rather than ticks
};

struct Scratch;

class TaskIterator {
 public:
  // Of the fields that a record has, these are taken from it.
  explicit TaskIterator(FieldSet provides = row_of(Source::kBpf).provides) : provides_(provides) {}
  ~TaskIterator() { stop(); }
  TaskIterator(const TaskIterator&) = delete;
  TaskIterator& operator=(const TaskIterator&) = delete;

  // A part of a walk, see Backend::read. What a record lacks is read by `files`. False only where memory has run out.
  bool read(ProcRoot& root, const ReadRequest& request, ProcessReader& files, Scratch& scratch, StarvationMonitor& starvation,
            TableBuilder& table, SourceCounts& counts);

  // Closes everything where this thread may no longer do what is open. Called whenever the thread reads.
  void look_at_privileges();

 private:
  Failure start(ProcRoot& root, const ReadRequest& request);
  unsigned choose_fields();
  Failure load();
  FieldSet held_here(const Task& task);
  bool put(const Task& task, FieldSet held, ProcessReader& files, RecordNames& names, TableBuilder& table);
  bool merge(const Task& task, FieldSet held, ProcessReader& files, RecordNames& names, TableBuilder& table);
  Failure fill(TaskRecords& records, int& iterator, bool& ended, SourceCounts& counts);
  Failure verify(const ReadRequest& request, TableBuilder& table, SourceCounts& counts);
  TaskProgram& program() { return (wants_ & kWantsUsage) != 0 ? usage_program_ : tasks_program_; }
  // Whether files bring fields of every row.
  bool merges() const { return (fields_ & ~wanted_) != 0; }
  void find_namespaces(ProcRoot& root);
  void stop();
  void unload();

  const FieldSet provides_;
  FieldSet absent_ = 0;  // of these, what no record of this kernel has
  TaskProgram tasks_program_{Program::kTasks};
  TaskProgram usage_program_{Program::kUsage};
  // Of the request that is read: its fields, and those of them that records are to have.
  FieldSet fields_ = 0;
  FieldSet wanted_ = 0;
  uint32_t namespaces_ = 0;  // as RecordNames has them; not yet known
  FieldSet inside_ = 0;  // of kOfInside, what this thread may be shown
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
FieldSet held_by(const Task& task, FieldSet fields);

// Puts these fields of the record into the open row.
void put_record(const Task& task, FieldSet fields, RecordNames& names, TableBuilder& table);

// In ticks, as ProcessRef::start; where it was wanted.
double start_of(const TaskRecord& record);

// What the program must write for these fields: TaskWants; and the fields that take any of these.
unsigned wants_for(FieldSet fields);
FieldSet fields_of(unsigned wants);

}  // namespace psutil
