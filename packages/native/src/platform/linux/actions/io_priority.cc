// The I/O priority: https://man7.org/linux/man-pages/man2/ioprio_set.2.html.
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "core/schema.h"
#include "platform/linux/actions/actions.h"
#include "platform/linux/actions/thread_attribute.h"

namespace psutil {
namespace {

constexpr int kProcess = 1;
constexpr long kClassBit = 13;
constexpr long kLevels = 7;

constexpr IoClass class_of(long priority) { return static_cast<IoClass>(priority >> kClassBit & 7); }

struct IoPriority {
  using Value = long;

  static Failure get(int32_t tid, long& priority) {
    priority = syscall(SYS_ioprio_get, kProcess, tid);
    if (priority < 0) return failure_of(errno, "ioprio_get");
    return class_of(priority) <= IoClass::kIdle ? Failure{} : unsupported("ioprio_get");
  }

  Failure set(int32_t tid, long) const {
    return syscall(SYS_ioprio_set, kProcess, tid, priority) == 0 ? Failure{} : failure_of(errno, "ioprio_set");
  }

  const long priority;
};

}  // namespace

Failure set_io_priority(ProcRoot& root, const Action& action, ActionResult& before) {
  const uint64_t io_class = action.arguments[1];
  if (io_class > static_cast<uint64_t>(IoClass::kIdle)) return failure_of(EINVAL, "ioprio_set");
  IoPriority priority{static_cast<long>(io_class) << kClassBit | static_cast<long>(action.arguments[2] & kLevels)};
  long old = 0;
  const Failure failure = set_attribute(root, action.target, action.arguments[0] != 0, "ioprio_set", priority, old);
  if (!failure.ok()) return failure;
  const auto replaced = class_of(old);
  const bool has_level = replaced == IoClass::kRealtime || replaced == IoClass::kBestEffort;
  before.values.push(static_cast<uint64_t>(replaced));
  before.values.push(has_level ? static_cast<uint64_t>(old & kLevels) : 0);
  return {};
}

}  // namespace psutil
