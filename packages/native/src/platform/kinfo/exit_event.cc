#include "platform/kinfo/exit_event.h"

#include <fcntl.h>
#include <unistd.h>

#include "platform/exit_watch.h"
#include "platform/kinfo/kqueue.h"
#include "platform/kinfo/system.h"
#include "platform/shared/errno.h"
#include "platform/shared/last_descriptors.h"
#include "platform/shared/rlimit.h"

namespace psutil {
namespace {

// How often one is looked at whose end the kernel no longer reports as an event, in milliseconds.
constexpr EventData kAtOnce = 1;
constexpr EventData kLater = ExitWatch::kAgain;

// Returns 0 or an errno: ESRCH also for a process that is ending already, and on some systems for a zombie.
int add_process(int queue, int32_t pid) {
  const auto ident = static_cast<uintptr_t>(pid);
  constexpr auto kExit = static_cast<EventNotes>(NOTE_EXIT);
  const int error = add_event(queue, ident, EVFILT_PROC, kExit | kSystem.exit_status_flag, 0, 0);
  if (error != EACCES || kSystem.exit_status_flag == 0) return error;
  return add_event(queue, ident, EVFILT_PROC, kExit, 0, 0);
}

// A process whose end is no event any more is looked at by a timer.
int add_timer(int queue, int32_t pid, int32_t status) {
  const EventData period = status == Exit::kUnknown ? kLater : kAtOnce;
  return add_event(queue, static_cast<uintptr_t>(pid), EVFILT_TIMER, 0, period, status);
}

int32_t status_of(const struct kevent& event) {
  const bool is_known = kSystem.exit_status_flag == 0 || (event.fflags & kSystem.exit_status_flag) != 0;
  return is_known ? static_cast<int32_t>(event.data & 0xffff) : Exit::kUnknown;
}

// Whether a process that was ending has ended.
bool has_ended(int queue, int32_t pid, int32_t& status) {
  const int error = add_process(queue, pid);
  // One that is not ending: the number is another process's.
  if (error == 0 || error == EACCES) return true;
  Kinfo info;
  const Failure failure = read_kinfo(pid, 0, info);
  if (failure.ok() && info.is_zombie()) status = info.exit_status;
  return failure.ok() ? info.is_zombie() : failure.kind == Failure::Kind::kGone;
}

}  // namespace

ExitEvent::~ExitEvent() {
  if (queue_ >= 0) close(queue_);
}

Failure ExitEvent::open(int32_t pid) {
  if (pid <= 0) return gone("kevent");
  queue_ = kqueue();
  if (queue_ < 0) return failure_of(errno, "kqueue");
  if (is_of_the_last(queue_, most_descriptors())) return failure_of(EMFILE, "kqueue");
  // No child inherits it, but a program that is executed in place of this one would.
  fcntl(queue_, F_SETFD, FD_CLOEXEC);
  int error = add_process(queue_, pid);
  if (error == ESRCH) {
    Kinfo info;
    const Failure failure = read_kinfo(pid, 0, info);
    if (!failure.ok()) return failure;
    error = add_timer(queue_, pid, info.is_zombie() ? info.exit_status : Exit::kUnknown);
  }
  return error == 0 ? Failure{} : failure_of(error, "kevent");
}

bool ExitEvent::take(int queue, int32_t& status) {
  status = Exit::kUnknown;
  struct kevent event[1];
  const int count = take_events(queue, event);
  if (count == 0) return false;
  // There is an event. If it cannot be read, the process has ended in an unknown way.
  if (count < 0) return errno != EINTR;
  if (event[0].filter == EVFILT_PROC) {
    status = status_of(event[0]);
    return true;
  }
  status = static_cast<int32_t>(number_of(event[0]));
  return status != Exit::kUnknown || has_ended(queue, static_cast<int32_t>(event[0].ident), status);
}

}  // namespace psutil
