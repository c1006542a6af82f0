// Waits by pidfds in one epoll descriptor: https://man7.org/linux/man-pages/man2/pidfd_open.2.html.
#include "platform/exit_watch.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>

#include "platform/linux/exit_info.h"
#include "platform/linux/held_files.h"
#include "platform/linux/pidfd.h"
#include "platform/linux/prlimit.h"
#include "platform/linux/proc_root.h"
#include "platform/linux/target_check.h"
#include "platform/procfs/exit_status.h"
#include "platform/shared/clock.h"
#include "platform/shared/errno.h"
#include "platform/shared/file.h"
#include "platform/shared/last_descriptors.h"
#include "platform/shared/pid_path.h"

namespace psutil {
namespace {

// How long after its end a process may be reaped for its status to be known. Some parents never do.
constexpr double kPatience = 100'000;  // microseconds

constexpr int kFree = -1;

struct Wait {
  int pidfd;
  int32_t pid;
  double ended;  // when, in microseconds; NaN while it lives
};

double now() { return read_clock(CLOCK_MONOTONIC); }

}  // namespace

struct ExitWatch::State {
  explicit State(const char* path) : root(path) {}
  ~State() {
    for (size_t i = 0; i < waits.size(); i++) {
      if (waits[i].pidfd != kFree) close(waits[i].pidfd);
    }
    if (poll >= 0) close(poll);
  }

  Failure open();
  Failure add(int pidfd, int32_t pid, uint32_t& wait);
  void free(uint32_t wait);
  bool is_over(uint32_t wait, Exit& exit);
  bool status_of_zombie(const Wait& wait, ExitText& text);

  ProcRoot root;
  int poll = -1;
  Array<Wait> waits;
  Array<uint32_t> unused;
  // Those that have ended and have not been reaped, and whose zombie does not show how.
  Array<uint32_t> unreaped;
};

ExitWatch::ExitWatch(const char* proc_root) : state_(std::make_unique<State>(proc_root)) {}
ExitWatch::~ExitWatch() = default;

Failure ExitWatch::hold(int32_t pid, int& held) {
  if (pid <= 0) return gone("pidfd_open");
  do {
    Pidfd opened(pid);
    if (!opened.is_open()) return opened.failure();
    if (!is_of_the_last(opened.get(), most_descriptors())) {
      held = opened.release();
      return {};
    }
    errno = EMFILE;
  } while (may_try_again());
  return failure_of(EMFILE, "pidfd_open");
}

void ExitWatch::release(int held) { close(held); }

Failure ExitWatch::begin(const ProcessRef& target, int descriptor, uint32_t& wait) {
  Descriptor handed(descriptor);
  State& state = *state_;
  Failure failure = state.root.open();
  if (!failure.ok()) return failure;
  if (!state.root.own()) return unsupported("pidfd_open");
  if (target.pid <= 0) return gone("pidfd_open");
  failure = state.open();
  if (!failure.ok()) return failure;
  Pidfd held = handed.get() < 0 ? Pidfd(target.pid) : Pidfd::of(handed.release());
  if (!held.is_open()) return held.failure();
  if (target.is_bound()) {
    failure = is_held(state.root, target, held);
    if (!failure.ok()) return failure;
  }
  failure = state.add(held.get(), target.pid, wait);
  if (failure.ok()) held.release();
  return failure;
}

void ExitWatch::cancel(uint32_t wait) {
  State& state = *state_;
  if (wait >= state.waits.size() || state.waits[wait].pidfd == kFree) return;
  for (size_t i = 0; i < state.unreaped.size(); i++) {
    if (state.unreaped[i] != wait) continue;
    state.unreaped[i] = state.unreaped[state.unreaped.size() - 1];
    state.unreaped.truncate(state.unreaped.size() - 1);
    break;
  }
  state.free(wait);
}

Failure ExitWatch::take(Array<Exit>& exits, bool& again) {
  State& state = *state_;
  again = false;
  if (state.poll < 0) return {};
  Exit exit;
  // Also those that have just been reaped: what has ended is looked at again in any case.
  size_t kept = 0;
  for (size_t i = 0; i < state.unreaped.size(); i++) {
    const uint32_t wait = state.unreaped[i];
    if (state.is_over(wait, exit) && exits.push(exit)) state.free(wait);
    else if (!std::isnan(state.waits[wait].ended)) state.unreaped[kept++] = wait;
  }
  state.unreaped.truncate(kept);
  constexpr int kMost = 128;
  epoll_event events[kMost];
  int count;
  do {
    count = epoll_wait(state.poll, events, kMost, 0);
    for (int i = 0; i < count; i++) {
      const uint32_t wait = events[i].data.u32;
      Wait& its = state.waits[wait];
      // Reported before: it has been reaped, which the loop above sees the next time.
      if (its.pidfd == kFree || !std::isnan(its.ended)) continue;
      its.ended = now();
      if (state.is_over(wait, exit) && exits.push(exit)) state.free(wait);
      else if (!std::isnan(its.ended)) state.unreaped.push(wait);
    }
  } while (count == kMost);
  again = state.unreaped.size() > 0;
  // Those that are over are reported first; the descriptor stays readable.
  return count < 0 && errno != EINTR && exits.size() == 0 ? failure_of(errno, "epoll_wait") : Failure{};
}

int ExitWatch::descriptor() const { return state_->poll; }

Failure ExitWatch::State::open() {
  if (poll >= 0) return {};
  poll = epoll_create1(EPOLL_CLOEXEC);
  return poll >= 0 ? Failure{} : failure_of(errno, "epoll_create1");
}

Failure ExitWatch::State::add(int pidfd, int32_t pid, uint32_t& wait) {
  const bool is_reused = unused.size() > 0;
  wait = is_reused ? unused[unused.size() - 1] : static_cast<uint32_t>(waits.size());
  // Room for all that later steps add, which must not fail.
  if (!is_reused && (!waits.push({kFree, 0, 0}) || !unused.reserve(waits.size()) || !unreaped.reserve(waits.size()))) {
    return failure_of(ENOMEM, "malloc");
  }
  epoll_event event = {};
  // A pidfd stays readable. By edges the loop is woken once when the process ends and once, since Linux 6.9, when it is reaped.
  event.events = EPOLLIN | EPOLLET;
  event.data.u32 = wait;
  const bool is_added = epoll_ctl(poll, EPOLL_CTL_ADD, pidfd, &event) == 0;
  const int number = errno;
  if (is_reused == is_added) {
    if (is_reused) unused.truncate(unused.size() - 1);
    else unused.push(wait);
  }
  if (!is_added) return failure_of(number, "epoll_ctl");
  waits[wait] = {pidfd, pid, std::nan("")};
  return {};
}

void ExitWatch::State::free(uint32_t wait) {
  // That ends its place in the epoll descriptor too: there is no other descriptor of the same file.
  close(waits[wait].pidfd);
  waits[wait].pidfd = kFree;
  unused.push(wait);
}

// Whether how it has ended is known, or will not be known.
bool ExitWatch::State::is_over(uint32_t number, Exit& exit) {
  Wait& wait = waits[number];
  exit = {number, Exit::kUnknown};
  ExitText text;
  if (status_of_zombie(wait, text)) {
    if (!text.has_ended) {
      // Kernels before 6.16 wake a waiter also when a thread other than the main one executes a program.
      wait.ended = std::nan("");
      return false;
    }
    if (text.has_status) {
      exit.status = text.status;
      return true;
    }
  }
  bool is_known;
  if (!read_exit_info(wait.pidfd, exit.status, is_known)) return true;
  if (is_known) return true;
  if (Pidfd::is_reaped(wait.pidfd)) {
    // Between the two.
    read_exit_info(wait.pidfd, exit.status, is_known);
    return true;
  }
  return now() - wait.ended >= kPatience;
}

// False where the zombie is not there, or not this process's; `has_status` is false where it does not show this caller how it ended.
bool ExitWatch::State::status_of_zombie(const Wait& wait, ExitText& text) {
  std::string_view stat;
  PidPath path(wait.pid);
  if (!root.read(root.fd(), path.file("stat"), stat).ok() || !parse_exit(stat, text)) return false;
  if (text.has_ended && text.has_status) {
    // To a caller without the permissions of ptrace(2) the kernel shows 0. Of a zombie the link of its program does not exist for
    // those who have them, and is denied to others.
    char link[8];
    text.has_status = readlinkat(root.fd(), PidPath(wait.pid).file("exe"), link, sizeof link) < 0 && errno == ENOENT;
  }
  // Until it has been reaped, the number is its.
  return !Pidfd::is_reaped(wait.pidfd);
}

}  // namespace psutil
