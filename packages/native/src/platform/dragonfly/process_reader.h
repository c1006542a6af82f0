// What bsd/struct_reader.h is to know of DragonFly.
#pragma once

#include "core/frame_writer.h"
#include "platform/bsd/struct_reader.h"
#include "platform/dragonfly/kinfo.h"

namespace psutil {

enum class Source : uint8_t { kPid, kAll, kFile, kRlimit };
constexpr const char* kSourceNames[] = {"kern.proc.pid", "kern.proc.all", "rlimit", "getrlimit", nullptr};

class DragonFly {
 public:
  using Info = kinfo_proc;
  static constexpr Field kPerProcessFields[] = {Field::rlimits};

  explicit DragonFly(SourceCounts& counts) : counts_(counts) {}

  Failure look_up(int32_t pid, Info& info);
  static int32_t pid_of(const Info& info) { return info.kp_pid; }
  static double start_of(const Info& info) { return psutil::start_of(info); }
  void count_table() { count(Source::kAll); }
  void put_info(const Info& info, RowBuilder& row) { put_kinfo(info, row); }
  bool put_rest(const Info&, RowBuilder&) { return true; }
  Failure read_by_call(Field field, const Info& info, RowBuilder& row);
  Failure why_absent(const Info& info);

 private:
  void count(Source source) { counts_.reads[static_cast<size_t>(source)]++; }

  SourceCounts& counts_;
};

using ProcessReader = StructReader<DragonFly>;

}  // namespace psutil
