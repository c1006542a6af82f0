// The records that the program of tasks.bpf.c writes, taken apart as they come: a read may end anywhere in one.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>

#include "core/array.h"
#include "core/failure.h"
#include "platform/linux/bpf/record.h"

namespace psutil {

// A record as it was read; it stays until the next one is taken.
struct Task {
  const TaskRecord* record;
  const uint32_t* groups;   // as many as the record says, or none where it says more than a record holds
  const TaskUsage* usage;    // null where nothing of it is wanted
  const TaskLimit* limits;  // null where they are not wanted
};

// How long the parts of a record are where these are wanted.
constexpr size_t usage_bytes(unsigned wants) {
  if ((wants & kWantsUsage) == 0) return 0;
  const bool is_short = (wants & kWantsUsage & ~unsigned{kWantsThreads | kWantsMemory}) == 0;
  return is_short ? offsetof(TaskUsage, io) : sizeof(TaskUsage);
}
constexpr size_t limit_bytes(unsigned wants) { return (wants & kWantsLimits) != 0 ? kTaskLimits * sizeof(TaskLimit) : 0; }

constexpr size_t group_bytes(uint32_t group_count) {
  const size_t held = group_count > kTaskGroups ? 0 : group_count;
  return (held * sizeof(uint32_t) + 7) & ~size_t{7};
}

// The length of a record with so many groups, and the parts that are wanted.
constexpr size_t length_of_record(uint32_t group_count, unsigned wants) {
  return sizeof(TaskRecord) + usage_bytes(wants) + group_bytes(group_count) + limit_bytes(wants);
}

class TaskRecords {
 public:
  // As read(2): how many bytes were read, 0 behind the last, below 0 with errno.
  using Read = ssize_t (*)(void* source, char* to, size_t available);

  // Forgets what was read before. `available` is for what one read brings; it grows where a record is longer.
  Failure begin(unsigned wants, size_t available);
  void end();

  enum class Next { kTask, kNothingHere, kDamaged };
  // The next record, where all of it has been read. It stays the next until it is taken.
  Next next(Task& task) const;
  void take() { at_ += front().length; }
  // The PIDs of those that are here, from the next on.
  size_t peek(int32_t* pids, size_t max) const;

  // Reads once more. `ended` where there is no more to read; it is a failure where that leaves a part of a record.
  Failure fill(Read read, void* source, bool& ended);

 private:
  size_t left() const { return bytes_.size() - at_; }
  const TaskRecord& front() const { return *reinterpret_cast<const TaskRecord*>(bytes_.data() + at_); }

  // Each record begins at a multiple of 8 here, for each is a multiple of 8 long and the first stands at 0.
  Array<char> bytes_;
  size_t at_ = 0;
  unsigned wants_ = 0;
  // The length of the parts that are in each record or in none.
  size_t usage_ = 0;
  size_t limits_ = 0;
};

inline TaskRecords::Next TaskRecords::next(Task& task) const {
  if (left() < sizeof(TaskRecord)) return Next::kNothingHere;
  const TaskRecord& record = front();
  const size_t groups = group_bytes(record.group_count);
  if (record.length != sizeof(TaskRecord) + usage_ + groups + limits_) return Next::kDamaged;
  if (left() < record.length) return Next::kNothingHere;
  const char* behind = bytes_.data() + at_ + sizeof(TaskRecord);
  task.record = &record;
  task.usage = usage_ == 0 ? nullptr : reinterpret_cast<const TaskUsage*>(behind);
  task.groups = reinterpret_cast<const uint32_t*>(behind + usage_);
  task.limits = limits_ == 0 ? nullptr : reinterpret_cast<const TaskLimit*>(behind + usage_ + groups);
  return Next::kTask;
}

// The kernel gave something else than the program writes.
Failure damaged_record();

}  // namespace psutil
