#include "platform/kinfo/process_table.h"

#include <algorithm>
#include <cerrno>

#include "platform/kinfo/system.h"
#include "platform/shared/errno.h"

namespace psutil {
namespace {

constexpr size_t kMaxKept = 1 << 20;

}  // namespace

Failure ProcessTable::read(FieldSet fields, SourceCounts& counts) {
  order_.clear();
  kinfos_.clear();
  counts.reads[kTable]++;
  const Failure failure = read_process_table(fields, bytes_, counts, kinfos_);
  if (!failure.ok()) return failure;
  if (!order_.resize(kinfos_.size())) return failure_of(ENOMEM, "malloc");
  uint32_t* const begin = order_.data();
  uint32_t* const end = begin + order_.size();
  for (uint32_t i = 0; i < order_.size(); i++) begin[i] = i;
  std::sort(begin, end, [this](uint32_t a, uint32_t b) {
    return kinfos_[a].pid != kinfos_[b].pid ? kinfos_[a].pid < kinfos_[b].pid : a > b;
  });
  // A process that ends during the call may be returned twice: alive, and then as a zombie.
  const uint32_t* const unique =
      std::unique(begin, end, [this](uint32_t a, uint32_t b) { return kinfos_[a].pid == kinfos_[b].pid; });
  order_.resize(static_cast<size_t>(unique - begin));
  return {};
}

const Kinfo* ProcessTable::find(int32_t pid) const {
  const uint32_t* const end = order_.data() + order_.size();
  const uint32_t* const found =
      std::lower_bound(order_.data(), end, pid, [this](uint32_t i, int32_t wanted) { return kinfos_[i].pid < wanted; });
  return found != end && kinfos_[*found].pid == pid ? &kinfos_[*found] : nullptr;
}

void ProcessTable::shrink() {
  order_.clear();
  kinfos_.clear();
  order_.shrink(kMaxKept / sizeof(uint32_t));
  bytes_.shrink(kMaxKept);
  kinfos_.shrink(kMaxKept / sizeof(Kinfo));
}

}  // namespace psutil
