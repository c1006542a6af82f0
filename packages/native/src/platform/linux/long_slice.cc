#include "platform/linux/long_slice.h"

#include "platform/linux/system_call.h"

namespace psutil {
namespace {

constexpr uint64_t kLongest = 100'000'000;  // the kernel allows no longer one

// struct sched_attr of sched_setattr(2), for which old headers have no declaration.
struct Attributes {
  uint32_t size;
  uint32_t policy;
  uint64_t flags;
  int32_t nice;
  uint32_t priority;
  uint64_t runtime;
  uint64_t deadline;
  uint64_t period;
};
static_assert(sizeof(Attributes) == 48);

constexpr uint32_t kOther = 0;
constexpr uint32_t kBatch = 3;

#if defined(SYS_sched_getattr) && defined(SYS_sched_setattr)
bool read_attributes(Attributes& attributes) {
  attributes = {};
  if (system_call(SYS_sched_getattr, 0, &attributes, sizeof attributes) != 0) return false;
  return (attributes.policy == kOther || attributes.policy == kBatch) && attributes.runtime > 0;
}

bool set_slice(uint64_t slice) {
  Attributes attributes;
  if (!read_attributes(attributes)) return false;
  attributes.runtime = slice;
  return system_call(SYS_sched_setattr, 0, &attributes) == 0;
}
#else
bool read_attributes(Attributes&) { return false; }
bool set_slice(uint64_t) { return false; }
#endif

}  // namespace

uint64_t slice_of_thread() {
  Attributes attributes;
  return read_attributes(attributes) ? attributes.runtime : 0;
}

void LongSlice::take() {
  if (before_ > 0) return;
  const uint64_t before = slice_of_thread();
  if (before > 0 && before < kLongest && set_slice(kLongest)) before_ = before;
}

void LongSlice::give_back() {
  if (before_ > 0) set_slice(before_);
  before_ = 0;
}

}  // namespace psutil
