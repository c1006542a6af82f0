// Waits by kqueues in one kqueue. Its descriptor is readable when an event of any of them is.
#include "platform/exit_watch.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "platform/kinfo/exit_event.h"
#include "platform/kinfo/kqueue.h"
#include "platform/kinfo/process_reader.h"
#include "platform/shared/errno.h"

namespace psutil {
namespace {

constexpr int kFree = -1;

}  // namespace

struct ExitWatch::State {
  explicit State(const char* proc_root) : own(std::strcmp(proc_root, "/proc") == 0) {}
  ~State() {
    for (size_t i = 0; i < waits.size(); i++) {
      if (waits[i] != kFree) close(waits[i]);
    }
    if (queue >= 0) close(queue);
  }

  Failure open();
  Failure identify(const ProcessRef& target);
  Failure add(int event, uint32_t& wait);
  void free(uint32_t wait);

  // Another proc root has other processes than those that the kernel reports.
  const bool own;
  int queue = -1;
  Array<int> waits;  // the queue of each ExitEvent
  Array<uint32_t> unused;
};

ExitWatch::ExitWatch(const char* proc_root) : state_(std::make_unique<State>(proc_root)) {}
ExitWatch::~ExitWatch() = default;

Failure ExitWatch::hold(int32_t pid, int& held) {
  ExitEvent event;
  const Failure failure = event.open(pid);
  if (failure.ok()) held = event.release();
  return failure;
}

void ExitWatch::release(int held) { close(held); }

Failure ExitWatch::begin(const ProcessRef& target, int held, uint32_t& wait) {
  ExitEvent event(held);
  State& state = *state_;
  if (!state.own) return unsupported("kevent");
  Failure failure = state.open();
  if (failure.ok() && held < 0) failure = event.open(target.pid);
  if (failure.ok() && target.is_bound()) failure = state.identify(target);
  if (failure.ok()) failure = state.add(event.get(), wait);
  if (failure.ok()) event.release();
  return failure;
}

void ExitWatch::cancel(uint32_t wait) {
  if (wait < state_->waits.size() && state_->waits[wait] != kFree) state_->free(wait);
}

Failure ExitWatch::take(Array<Exit>& exits, bool& again) {
  State& state = *state_;
  again = false;
  if (state.queue < 0) return {};
  constexpr int kMost = 128;
  struct kevent events[kMost];
  int count;
  do {
    // What is taken must be reported. Without memory it is taken later.
    again = !exits.reserve(exits.size() + kMost);
    if (again) return {};
    count = take_events(state.queue, events);
    for (int i = 0; i < count; i++) {
      Exit exit = {static_cast<uint32_t>(number_of(events[i])), Exit::kUnknown};
      if (ExitEvent::take(state.waits[exit.wait], exit.status) && exits.push(exit)) state.free(exit.wait);
    }
  } while (count == kMost);
  // Those that are over are reported first; the descriptor stays readable.
  return count < 0 && errno != EINTR && exits.size() == 0 ? failure_of(errno, "kevent") : Failure{};
}

int ExitWatch::descriptor() const { return state_->queue; }

Failure ExitWatch::State::open() {
  if (queue >= 0) return {};
  queue = kqueue();
  if (queue < 0) return failure_of(errno, "kqueue");
  fcntl(queue, F_SETFD, FD_CLOEXEC);
  return {};
}

// The event is that of the process which had the PID when the event was opened. A target begins before that: its start has been
// read. If it has the PID now, it has had it all the time.
Failure ExitWatch::State::identify(const ProcessRef& target) {
  int64_t boot;
  const Failure failure = read_boot_time(boot);
  if (!failure.ok()) return failure;
  Array<char> bytes;
  SourceCounts counts;
  const Failure found = ProcessReader({bytes, counts}, boot).find(target);
  // A zombie without a start is either the process or a later one: the process has ended.
  return found.kind == Failure::Kind::kZombie ? gone("sysctl") : found;
}

Failure ExitWatch::State::add(int event, uint32_t& wait) {
  const bool is_reused = unused.size() > 0;
  wait = is_reused ? unused[unused.size() - 1] : static_cast<uint32_t>(waits.size());
  // Room for all that later steps add, which must not fail.
  if (!is_reused && (!waits.push(kFree) || !unused.reserve(waits.size()))) return failure_of(ENOMEM, "malloc");
  const int error = add_event(queue, static_cast<uintptr_t>(event), EVFILT_READ, 0, 0, static_cast<intptr_t>(wait));
  const bool is_added = error == 0;
  if (is_reused == is_added) {
    if (is_reused) unused.truncate(unused.size() - 1);
    else unused.push(wait);
  }
  if (!is_added) return failure_of(error, "kevent");
  waits[wait] = event;
  return {};
}

void ExitWatch::State::free(uint32_t wait) {
  // That ends its place in the queue too: there is no other descriptor of the same file.
  close(waits[wait]);
  waits[wait] = kFree;
  unused.push(wait);
}

}  // namespace psutil
