// Sets what Linux keeps for each thread: for the main thread of a process, or for all its threads.
#pragma once

#include <fcntl.h>

#include <cerrno>

#include "platform/linux/numbered.h"
#include "platform/linux/target_check.h"
#include "platform/shared/errno.h"
#include "platform/shared/pid_path.h"

namespace psutil {

// Sets an Attribute of one thread. `changed` is set if the kernel then reports another value than before: it drops processors
// that the thread may not use. An Attribute has
//   Value                                              with ==
//   Failure get(int32_t tid, Value&)
//   Failure set(int32_t tid, const Value& before)      to the value that it holds itself
template <typename Attribute>
Failure set_of_thread(int32_t tid, Attribute& attribute, typename Attribute::Value& before, bool& changed) {
  Failure failure = attribute.get(tid, before);
  if (failure.ok()) failure = attribute.set(tid, before);
  typename Attribute::Value now = {};
  if (failure.ok()) failure = attribute.get(tid, now);
  if (failure.ok() && !(now == before)) changed = true;
  return failure;
}

// One pass over all threads beneath the directory of the process, except the main thread.
template <typename Attribute>
Failure set_of_others(int directory, int32_t pid, const char* syscall, Attribute& attribute, bool& changed) {
  NumberedEntries threads(directory, "task", 0, SIZE_MAX);
  int32_t tid;
  typename Attribute::Value before = {};
  while (threads.next(tid)) {
    if (tid == pid) continue;
    const Failure failure = set_of_thread(tid, attribute, before, changed);
    // A thread that has ended meanwhile is no failure.
    if (!failure.ok() && failure.kind != Failure::Kind::kGone) return failure;
  }
  const Failure& failure = threads.failure();
  return failure.number == ENOENT || failure.number == ESRCH ? gone(syscall) : failure;
}

// Sets it for the main thread and, with `all`, for all other threads. `before` is the value that the main thread had.
// `syscall` is the call that sets it.
template <typename Attribute>
Failure set_attribute(ProcRoot& root, const ProcessRef& target, bool all, const char* syscall, Attribute& attribute,
                      typename Attribute::Value& before) {
  // A new thread has the values of the thread that started it. Threads with the old value may start others during a pass, and
  // one that is being started is in no list yet. So the passes go on until two, one after the other, change nothing.
  constexpr size_t kMostPasses = 128;
  constexpr int kQuietPasses = 2;
  const Descriptor directory(
      all && target.pid > 0 ? open_at(root.fd(), PidPath(target.pid).directory(), O_PATH | O_DIRECTORY | O_CLOEXEC) : -1);
  const int opened = errno;
  return call_by_number(root, target, syscall, [&] {
    bool changed = false;
    Failure failure = set_of_thread(target.pid, attribute, before, changed);
    if (!failure.ok() || !all) return failure;
    if (directory.get() < 0) return opened == ENOENT ? gone("open") : failure_of(opened, "open");
    int quiet = 0;
    for (size_t pass = 0; pass < kMostPasses; pass++) {
      changed = false;
      failure = set_of_others(directory.get(), target.pid, syscall, attribute, changed);
      quiet = changed ? 0 : quiet + 1;
      if (!failure.ok() || quiet == kQuietPasses) return failure;
    }
    failure = failure_of(EAGAIN, syscall);
    failure.about = "it starts threads faster than they can be changed";
    return failure;
  });
}

}  // namespace psutil
