// Signals: https://man7.org/linux/man-pages/man2/pidfd_send_signal.2.html. A pidfd holds the process that had the number when it
// was opened, so that no other process gets the signal, whatever happens to the number.
#include <unistd.h>

#include <cerrno>

#include "platform/linux/actions/actions.h"
#include "platform/linux/pidfd.h"
#include "platform/linux/target_check.h"
#include "platform/shared/kill.h"

namespace psutil {
namespace {

// EPERM is also the answer of a filter. Every process may signal itself.
bool is_filtered(const Failure& failure) {
  if (failure.number == ENOSYS) return true;
  return failure.number == EPERM && !Pidfd(static_cast<int32_t>(getpid())).send(0).ok();
}

Failure send_held(ProcRoot& root, const ProcessRef& target, const Pidfd& held, int signal) {
  if (target.is_bound()) {
    const Failure failure = is_held(root, target, held);
    if (!failure.ok()) return failure;
  }
  return held.send(signal);
}

}  // namespace

Failure send_signal(ProcRoot& root, const Action& action) {
  const ProcessRef& target = action.target;
  const auto signal = static_cast<int>(action.arguments[0]);
  if (target.pid <= 0) return gone("kill");
  if (!root.own()) return unsupported("kill");
  const Pidfd held(target.pid);
  if (held.is_open()) {
    const Failure failure = send_held(root, target, held, signal);
    if (failure.ok() || !is_filtered(failure)) return failure;
  } else if (!held.is_denied()) {
    return held.failure();
  }
  // Not checked afterwards: a process that the signal has ended may be gone by then.
  const Failure failure = TargetCheck(root, target, "kill").before();
  return failure.ok() ? send_by_number(target.pid, signal) : failure;
}

}  // namespace psutil
