// The contract that every system's backend implements, in `backend.cc` of its folder. The build picks the folder. Calls
// block. A Backend belongs to one thread and shares nothing with others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "core/array.h"
#include "core/table_builder.h"
#include "core/failure.h"
#include "core/schema.h"
#include "core/frame_writer.h"
#include "platform/action.h"
#include "platform/capabilities.h"
#include "platform/process_ref.h"
#include "platform/read_request.h"

namespace psutil {

constexpr double kDefaultStallTimeout = 2000;

class Backend {
 public:
  // `proc_root` is copied, and opened at the first read. A read fails that waits for the memory map of another process for
  // longer than `stall_timeout` milliseconds.
  explicit Backend(const char* proc_root, double stall_timeout = kDefaultStallTimeout);
  ~Backend();
  Backend(const Backend&) = delete;
  Backend& operator=(const Backend&) = delete;

  // Fills `table` with a row for each PID in their order, or for every process. If the processes cannot be listed, the table
  // is refused (TableBuilder::refuse). Returns false only if memory has run out. Stops when the table is full.
  bool read(const ReadRequest& request, TableBuilder& table, SourceCounts& counts);

  // Appends about `max` PIDs from `cursor` on, 0 at first; sets `cursor` to the next position, or to -1 after the last.
  // `urgent_pending` as in ReadRequest.
  Failure list(int64_t& cursor, size_t max, const int32_t* urgent_pending, Array<int32_t>& pids);

  // Appends these PIDs, those that no process can have left out, and those of all their descendants, at most `max`; sets
  // `is_all` to whether there are no more.
  Failure list_descendants(const int32_t* pids, size_t count, size_t max, Array<int32_t>& found, bool& is_all);

  // Changes one process. Appends the values that it had before.
  Failure act(const Action& action, ActionResult& before);

  // Closes what stays open for the readings of a sampler.
  void end_sampler(uint32_t sampler);

  // What distinguishes this boot of the system from every other; empty where the system has no such text. Valid until the next call.
  std::string_view boot_id();

  // Called when there has been nothing to do for some time: ends what helps with reads. Returns whether it is to be called
  // again.
  bool rest();

  // The clock of startTime, and its current time (NaN if the system has none).
  Clock clock();
  double now();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace psutil
