// The nice value: https://man7.org/linux/man-pages/man2/setpriority.2.html.
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "platform/linux/actions/actions.h"
#include "platform/linux/actions/thread_attribute.h"

namespace psutil {
namespace {

struct Nice {
  using Value = int;

  static Failure get(int32_t tid, int& nice) {
    // The system call returns a number from 40, the highest priority, to 1, so -1 is an error. The C library's function returns
    // the nice value, which may be -1.
    const long priority = syscall(SYS_getpriority, PRIO_PROCESS, tid);
    if (priority < 0) return failure_of(errno, "getpriority");
    nice = static_cast<int>(20 - priority);
    return {};
  }

  Failure set(int32_t tid, int) const {
    return syscall(SYS_setpriority, PRIO_PROCESS, tid, nice) == 0 ? Failure{} : failure_of(errno, "setpriority");
  }

  const int nice;
};

}  // namespace

Failure set_nice(ProcRoot& root, const Action& action, ActionResult& before) {
  Nice nice{static_cast<int>(action.arguments[1])};
  int old = 0;
  const Failure failure = set_attribute(root, action.target, action.arguments[0] != 0, "setpriority", nice, old);
  if (failure.ok()) before.values.push(static_cast<uint64_t>(int64_t{old}));
  return failure;
}

}  // namespace psutil
