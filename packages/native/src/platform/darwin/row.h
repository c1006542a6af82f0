// What bsd/raw_row.h is to know of macOS.
#pragma once

#include <unistd.h>

#include "core/frame_writer.h"
#include "platform/bsd/raw_row.h"
#include "platform/darwin/kinfo.h"
#include "platform/darwin/single.h"

namespace psutil {

enum class Source : uint8_t { kPid, kAll, kSession, kTask, kGroups, kRlimit };
constexpr const char* kSourceNames[] = {"kern.proc.pid", "kern.proc.all", "getsid",
                                        "proc_pidinfo",  "getgroups",     "getrlimit", nullptr};

class Darwin {
 public:
  using Info = kinfo_proc;
  static constexpr Field kSingles[] = {Field::sid, Field::threads, Field::rlimits};

  Darwin(Array<char>& groups, SourceCounts& counts) : groups_(groups), counts_(counts) {}

  Failure look_up(int32_t pid, Info& info);
  static int32_t pid_of(const Info& info) { return info.kp_proc.p_pid; }
  static double start_of(const Info& info) { return psutil::start_of(info); }
  void count_everyone() { count(Source::kAll); }
  void put_info(const Info& info, OpenRow& row);
  bool put_rest(const Info& info, OpenRow& row);
  Failure read_single(Field field, const Info& info, OpenRow& row);
  // These calls know no zombies.
  Failure untold(const Info&) { return zombie("sysctl"); }

 private:
  void count(Source source) { counts_.reads[static_cast<size_t>(source)]++; }

  Array<char>& groups_;
  SourceCounts& counts_;
  Sessions sessions_;
};

using RowReader = RawRowReader<Darwin>;

}  // namespace psutil
