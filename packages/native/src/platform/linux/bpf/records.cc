#include "platform/linux/bpf/records.h"

#include <cerrno>
#include <cstring>

#include "platform/shared/errno.h"

namespace psutil {

static_assert(sizeof(TaskRecord) % 8 == 0 && sizeof(TaskUsage) % 8 == 0 && sizeof(TaskLimit) % 8 == 0, "a record begins where the last one ends");

Failure TaskRecords::begin(unsigned wants, size_t available) {
  end();
  wants_ = wants;
  usage_ = usage_bytes(wants);
  limits_ = limit_bytes(wants);
  return bytes_.reserve(available) ? Failure{} : failure_of(ENOMEM, "malloc");
}

void TaskRecords::end() {
  bytes_.shrink(0);
  at_ = 0;
}

size_t TaskRecords::peek(int32_t* pids, size_t max) const {
  size_t count = 0;
  for (size_t at = at_; count < max && bytes_.size() - at >= sizeof(TaskRecord);) {
    const auto& record = *reinterpret_cast<const TaskRecord*>(bytes_.data() + at);
    // next() says what is wrong with it.
    if (record.length != length_of_record(record.group_count, wants_) || bytes_.size() - at < record.length) break;
    pids[count++] = record.pid;
    at += record.length;
  }
  return count;
}

Failure TaskRecords::fill(Read read, void* source, bool& ended) {
  const size_t kept = left();
  if (kept > 0 && at_ > 0) std::memmove(bytes_.data(), bytes_.data() + at_, kept);
  bytes_.resize(kept);
  at_ = 0;
  if (kept == bytes_.capacity() && !bytes_.reserve(kept * 2)) return failure_of(ENOMEM, "realloc");
  const ssize_t got = read(source, bytes_.data() + kept, bytes_.capacity() - kept);
  if (got < 0) return failure_of(errno, "read");
  bytes_.resize(kept + static_cast<size_t>(got));
  ended = got == 0;
  return ended && kept > 0 ? damaged_record() : Failure{};
}

Failure damaged_record() {
  Failure failure = failure_of(EBADMSG, "read");
  failure.about = "a record of the BPF program is damaged";
  return failure;
}

}  // namespace psutil
