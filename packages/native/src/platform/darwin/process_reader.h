// What bsd/struct_reader.h is to know of macOS.
#pragma once

#include <unistd.h>

#include "core/frame_writer.h"
#include "platform/bsd/struct_reader.h"
#include "platform/darwin/kinfo.h"
#include "platform/darwin/per_process_calls.h"

namespace psutil {

enum class Source : uint8_t { kPid, kAll, kSession, kTask, kGroups, kRlimit };
constexpr const char* kSourceNames[] = {"kern.proc.pid", "kern.proc.all", "getsid",
                                        "proc_pidinfo",  "getgroups",     "getrlimit", nullptr};

class Darwin {
 public:
  using Info = kinfo_proc;
  static constexpr Field kPerProcessFields[] = {Field::sid, Field::threads, Field::rlimits};

  Darwin(Array<char>& groups, SourceCounts& counts) : groups_(groups), counts_(counts) {}

  Failure look_up(int32_t pid, Info& info);
  static int32_t pid_of(const Info& info) { return info.kp_proc.p_pid; }
  static double start_of(const Info& info) { return psutil::start_of(info); }
  void count_table() { count(Source::kAll); }
  void put_info(const Info& info, RowBuilder& row);
  bool put_rest(const Info& info, RowBuilder& row);
  Failure read_by_call(Field field, const Info& info, RowBuilder& row);
  // These calls know no zombies.
  Failure why_absent(const Info&) { return zombie("sysctl"); }

 private:
  void count(Source source) { counts_.reads[static_cast<size_t>(source)]++; }

  Array<char>& groups_;
  SourceCounts& counts_;
  Sessions sessions_;
};

using ProcessReader = StructReader<Darwin>;

}  // namespace psutil
