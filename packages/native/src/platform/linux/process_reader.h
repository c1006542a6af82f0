// Reads the fields of processes into the rows of a table.
#pragma once

#include "core/table_builder.h"
#include "platform/linux/process_group.h"
#include "platform/linux/read_ahead.h"
#include "platform/linux/samplers.h"
#include "platform/linux/source_table.h"
#include "platform/linux/proc_root.h"
#include "platform/backend.h"

namespace psutil {

struct OpenProcess;
struct Scratch;

class ProcessReader {
 public:
  ProcessReader(ProcRoot& root, Scratch& scratch, SourceCounts& counts);
  // What of one request was kept for its next process is stale by the next request.
  ~ProcessReader();
  ProcessReader(const ProcessReader&) = delete;
  ProcessReader& operator=(const ProcessReader&) = delete;

  // Plans the sources of this request. Returns the fields that they provide.
  FieldSet prepare(const ReadRequest& request);

  // Where the next processes are known, their reads that may block begin before it is their turn.
  ReadAhead& ahead() { return ahead_; }

  // What is known of the next processes stays in `sampled`, which may be null, between begin_held() and end_held().
  void hold(Sampled* sampled);
  void begin_held(const ReadRequest& request);
  void end_held(bool is_last);
  // Those of the last reading, if nothing is read of a process that could be lacking for another reason than its end; else null.
  KnownProcesses* known() { return rests_ ? known_ : nullptr; }

  // Fills the open row with these fields. False where the process is gone; the row says so then. Also false where a read of
  // it has not ended and the request drops such rows. `held` is in the row
  // already, from another source; where the target is not bound, the caller makes sure later that it was one process.
  bool read(const ProcessRef& target, FieldSet fields, TableBuilder& table, FieldSet held = 0);

 private:
  struct Plan {
    SourceSet allowed = 0;
    SourceSet sources = 0;
    bool opens_directory = false;  // sources read beneath it
    bool probe = false;  // check by a system call that the PID is not a thread's id
  };

  bool read_once(OpenProcess& row, FieldSet held, bool& is_mixed);
  void make_plans(FieldSet fields);
  Plan make_plan(bool bound);
  int open_directory(int32_t pid);
  Failure bind(OpenProcess& row);
  void read_sources(OpenProcess& row, SourceSet sources);
  SourceSet open_first(OpenProcess& row, SourceSet sources);
  void settle(OpenProcess& row, SourceSet sources, const Failure& failure);
  // In source_reads.cc.
  Failure read_source(OpenProcess& row, Source source);
  Failure read_beneath(OpenProcess& row, Source source, int directory);
  Failure read_blocking(OpenProcess& row, Source source, int directory, std::string_view& text);
  Failure read_of_thread(OpenProcess& row, Source source, int directory, std::string_view& text);
  Failure read_file(OpenProcess& row, Source source, std::string_view& text);
  Failure open_file(OpenProcess& row, Source source, int& file);
  Failure read_held(OpenProcess& row, Source source, std::string_view& text);
  void hold_file(Source source, Descriptor& file);
  // In rest.cc.
  bool put_rest(OpenProcess& row);
  void watch_rest(OpenProcess& row);
  void hold_one(OpenProcess& row);
  int open_statm(int32_t pid);
  // In failed_reads.cc.
  Failure why_lost(const OpenProcess& row);
  Failure why_missing(const OpenProcess& row, Field field);
  Failure explain(OpenProcess& row, Failure failure);
  bool has_directory(int32_t pid);
  // In living_thread.cc.
  bool is_headless(OpenProcess& row);
  void read_living_thread(OpenProcess& row);

  ProcRoot& root_;
  Scratch& scratch_;
  SourceCounts& counts_;
  ReadAhead ahead_;
  HeldFiles* held_ = nullptr;
  KnownProcesses* known_ = nullptr;
  bool whole_sources_ = false;
  bool listed_ = false;
  bool drops_stalled_ = false;
  bool samples_ = false;
  bool rests_ = false;  // what a process at rest has had before is put again
  bool lacks_boot_ = false;  // start times cannot be converted
  FieldSet fields_ = 0;  // the fields of the plans
  ProcessGroup last_group_;  // of the row before, if that is of the same request and had the same fields
  Plan plans_[2];  // for a PID alone, and for a process of a given start time
};

// Whether a process in the caller's PID namespace has this number. It may be hidden, or a zombie.
bool is_process(int32_t pid);

}  // namespace psutil
