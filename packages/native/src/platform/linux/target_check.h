// Whether the process with a number is the one that an action means. A system call that changes a process takes a number,
// so the process is checked before the call and after it. Between the check and the call the kernel knows only the number.
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

  // Whether a system call may be made: the PID is a process's in the caller's PID namespace, and the right one's.
  Failure before();

  // The same for what is written beneath the process's directory, which was opened before. If this succeeds, the directory
  // is the right process's, and no other check is needed.
  Failure before(int directory);

  // What the call has returned; "gone" if the process has lost its number since before().
  Failure after(const Failure& result);

 private:
  Failure check_number() const;
  Failure check_serial();

  ProcRoot& root_;
  const ProcessRef& target_;
  const char* const syscall_;
  std::optional<Pidfd> held_;
};

// Makes a call that takes the number of exactly the process that is meant.
template <typename Call>
Failure call_by_number(ProcRoot& root, const ProcessRef& target, const char* syscall, Call call) {
  TargetCheck check(root, target, syscall);
  const Failure failure = check.before();
  return failure.ok() ? check.after(call()) : failure;
}

}  // namespace psutil
