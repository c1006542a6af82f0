// Signals where the kernel takes a number and nothing else: https://pubs.opengroup.org/onlinepubs/9799919799/functions/kill.html.
#pragma once

#include <signal.h>

#include <cerrno>

#include "platform/action.h"
#include "platform/shared/errno.h"

namespace psutil {

// By number. kill(2) takes 0 and less for groups of processes.
inline Failure send_by_number(int32_t pid, int signal) {
  if (pid <= 0) return gone("kill");
  return kill(pid, signal) == 0 ? Failure{} : failure_of(errno, "kill");
}

// `find` is called as find(const ProcessRef&) and returns whether the process that is meant has its PID. Between that and the
// call the kernel knows only the number.
template <typename Find>
Failure send_signal(const Action& action, Find find) {
  if (action.target.pid <= 0) return gone("kill");
  const Failure failure = find(action.target);
  return failure.ok() ? send_by_number(action.target.pid, static_cast<int>(action.arguments[0])) : failure;
}

}  // namespace psutil
