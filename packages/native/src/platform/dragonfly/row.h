// What bsd/raw_row.h is to know of DragonFly.
#pragma once

#include "core/frame_writer.h"
#include "platform/bsd/raw_row.h"
#include "platform/dragonfly/kinfo.h"

namespace psutil {

enum class Source : uint8_t { kPid, kAll, kFile, kRlimit };
constexpr const char* kSourceNames[] = {"kern.proc.pid", "kern.proc.all", "rlimit", "getrlimit", nullptr};

class DragonFly {
 public:
  using Info = kinfo_proc;
  static constexpr Field kSingles[] = {Field::rlimits};

  explicit DragonFly(SourceCounts& counts) : counts_(counts) {}

  Failure look_up(int32_t pid, Info& info);
  static int32_t pid_of(const Info& info) { return info.kp_pid; }
  static double start_of(const Info& info) { return psutil::start_of(info); }
  void count_everyone() { count(Source::kAll); }
  void put_info(const Info& info, OpenRow& row) { put_kinfo(info, row); }
  bool put_rest(const Info&, OpenRow&) { return true; }
  Failure read_single(Field field, const Info& info, OpenRow& row);
  Failure untold(const Info& info);

 private:
  void count(Source source) { counts_.reads[static_cast<size_t>(source)]++; }

  SourceCounts& counts_;
};

using RowReader = RawRowReader<DragonFly>;

}  // namespace psutil
