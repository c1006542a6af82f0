// Checks that a number still belongs to the process of an action. A system call that changes a process takes only a number, so
// the process is checked before the call and after it.
#pragma once

#include <optional>

#include "platform/linux/pidfd.h"
#include "platform/linux/proc_root.h"
#include "platform/process_ref.h"

namespace psutil {

// Whether a pidfd holds the process that is meant, which is bound: it was opened by the number, so it holds that process if the
// process that has the number afterwards is the one meant. Of one that has been reaped meanwhile its serial says so.
Failure is_held(ProcRoot& root, const ProcessRef& target, const Pidfd& held);

class TargetCheck {
 public:
  // `syscall` is the call for which it checks.
  TargetCheck(ProcRoot& root, const ProcessRef& target, const char* syscall)
      : root_(root), target_(target), syscall_(syscall) {}

  // Whether the system call may be made: the PID is that of a process in the caller's PID namespace, and of the right one.
  Failure before();

  // The same for a write beneath the process's directory, which is open already. If this succeeds, the directory is the right
  // process's, and no later check is needed.
  Failure before(int directory);

  // Returns the call's failure, or "gone" if the process has lost its number since before().
  Failure after(const Failure& result);

 private:
  Failure check_number() const;
  Failure check_serial();

  ProcRoot& root_;
  const ProcessRef& target_;
  const char* const syscall_;
  std::optional<Pidfd> held_;
};

// Makes a call by number, for this process and for no later one of the same number.
template <typename Call>
Failure call_by_number(ProcRoot& root, const ProcessRef& target, const char* syscall, Call call) {
  TargetCheck check(root, target, syscall);
  const Failure failure = check.before();
  return failure.ok() ? check.after(call()) : failure;
}

}  // namespace psutil
