// Waits by psinfo, whose descriptor the kernel ties to its process, in one event port: https://illumos.org/man/3C/port_associate and
// prpoll() of usr/src/uts/common/fs/proc/prvnops.c. A poll for no event at all is woken when the process begins to end, and may be
// when it stops.
#include "platform/exit_watch.h"

#include <fcntl.h>
#include <port.h>
#include <procfs.h>
#include <unistd.h>

#include <cerrno>

#include "platform/illumos/proc_root.h"
#include "platform/illumos/psinfo.h"
#include "platform/shared/errno.h"
#include "platform/shared/file.h"
#include "platform/shared/last_descriptors.h"
#include "platform/shared/pid_path.h"
#include "platform/shared/rlimit.h"

namespace psutil {
namespace {

constexpr int kFree = -1;

Failure open_psinfo(const ProcRoot& root, int32_t pid, int& file) {
  if (pid <= 0) return gone("open");
  PidPath path(pid);
  Descriptor psinfo(open_at(root.fd(), path.file("psinfo"), O_RDONLY | O_CLOEXEC));
  if (psinfo.get() < 0) return errno == ENOENT ? gone("open") : failure_of(errno, "open");
  if (is_of_the_last(psinfo.get(), most_descriptors())) return failure_of(EMFILE, "open");
  file = psinfo.release();
  return {};
}

// Whether this is psinfo of the process that is meant.
Failure identify(int psinfo, const ProcessRef& target) {
  psinfo_t info;
  const Failure failure = read_psinfo(psinfo, info);
  if (!failure.ok()) return failure;
  // A zombie has lost its start. It is either the process or a later one: the process has ended.
  return is_zombie(info) || start_of(info) != target.start ? gone("pread") : Failure{};
}

}  // namespace

struct ExitWatch::State {
  explicit State(const char* proc_root) : root(proc_root) {}
  ~State() {
    for (size_t i = 0; i < waits.size(); i++) {
      if (waits[i] != kFree) close(waits[i]);
    }
    if (port >= 0) close(port);
  }

  Failure open();
  Failure add(int file, uint32_t& wait);
  int associate(uint32_t wait, int file);
  bool is_over(uint32_t wait, Exit& exit);
  void free(uint32_t wait);

  ProcRoot root;
  int port = -1;
  Array<int> waits;  // psinfo of each
  Array<uint32_t> unused;
  // Those of which an event has come and that had not ended.
  Array<uint32_t> ending;
};

ExitWatch::ExitWatch(const char* proc_root) : state_(std::make_unique<State>(proc_root)) {}
ExitWatch::~ExitWatch() = default;

Failure ExitWatch::hold(int32_t pid, int& held) {
  ProcRoot root("/proc");
  const Failure failure = root.open();
  return failure.ok() ? open_psinfo(root, pid, held) : failure;
}

void ExitWatch::release(int held) { close(held); }

Failure ExitWatch::begin(const ProcessRef& target, int held, uint32_t& wait) {
  Descriptor handed(held);
  State& state = *state_;
  Failure failure = state.root.open();
  if (!failure.ok()) return failure;
  if (!state.root.own()) return unsupported("port_associate");
  failure = state.open();
  if (!failure.ok()) return failure;
  int file = handed.release();
  if (file < 0) failure = open_psinfo(state.root, target.pid, file);
  Descriptor psinfo(file);
  if (failure.ok() && target.is_bound()) failure = identify(psinfo.get(), target);
  if (failure.ok()) failure = state.add(psinfo.get(), wait);
  if (failure.ok()) psinfo.release();
  return failure;
}

void ExitWatch::cancel(uint32_t wait) {
  State& state = *state_;
  if (wait >= state.waits.size() || state.waits[wait] == kFree) return;
  size_t kept = 0;
  for (size_t i = 0; i < state.ending.size(); i++) {
    if (state.ending[i] != wait) state.ending[kept++] = state.ending[i];
  }
  state.ending.truncate(kept);
  state.free(wait);
}

Failure ExitWatch::take(Array<Exit>& exits, bool& again) {
  State& state = *state_;
  again = false;
  if (state.port < 0) return {};
  Exit exit;
  size_t kept = 0;
  for (size_t i = 0; i < state.ending.size(); i++) {
    const uint32_t wait = state.ending[i];
    if (state.is_over(wait, exit) && exits.push(exit)) state.free(wait);
    // One that is still ending has an event at once, and comes back here.
    else if (state.associate(wait, state.waits[wait]) != 0) state.ending[kept++] = wait;
  }
  state.ending.truncate(kept);
  port_event_t event;
  for (;;) {
    timespec now = {0, 0};
    if (port_get(state.port, &event, &now) != 0) break;
    const auto wait = static_cast<uint32_t>(reinterpret_cast<uintptr_t>(event.portev_user));
    if (state.is_over(wait, exit) && exits.push(exit)) state.free(wait);
    else state.ending.push(wait);
  }
  const int error = errno;
  again = state.ending.size() > 0;
  // Those that are over are reported first; the descriptor stays readable.
  return error != ETIME && error != EINTR && exits.size() == 0 ? failure_of(error, "port_get") : Failure{};
}

int ExitWatch::descriptor() const { return state_->port; }

Failure ExitWatch::State::open() {
  if (port >= 0) return {};
  port = port_create();
  if (port < 0) return failure_of(errno, "port_create");
  fcntl(port, F_SETFD, FD_CLOEXEC);
  return {};
}

Failure ExitWatch::State::add(int file, uint32_t& wait) {
  const bool is_reused = unused.size() > 0;
  wait = is_reused ? unused[unused.size() - 1] : static_cast<uint32_t>(waits.size());
  // Room for all that later steps add, which must not fail.
  if (!is_reused && (!waits.push(kFree) || !unused.reserve(waits.size()) || !ending.reserve(waits.size()))) {
    return failure_of(ENOMEM, "malloc");
  }
  const int error = associate(wait, file);
  const bool is_added = error == 0;
  if (is_reused == is_added) {
    if (is_reused) unused.truncate(unused.size() - 1);
    else unused.push(wait);
  }
  if (!is_added) return failure_of(error, "port_associate");
  waits[wait] = file;
  return {};
}

// For one event. Returns 0 or an errno.
int ExitWatch::State::associate(uint32_t wait, int file) {
  constexpr int kNothing = 0;
  void* number = reinterpret_cast<void*>(static_cast<uintptr_t>(wait));
  return port_associate(port, PORT_SOURCE_FD, static_cast<uintptr_t>(file), kNothing, number) == 0 ? 0 : errno;
}

bool ExitWatch::State::is_over(uint32_t wait, Exit& exit) {
  exit = {wait, Exit::kUnknown};
  psinfo_t info;
  const Failure failure = read_psinfo(waits[wait], info);
  if (!failure.ok()) return failure.kind == Failure::Kind::kGone;
  if (is_zombie(info)) exit.status = info.pr_wstat & 0xffff;
  return is_zombie(info);
}

void ExitWatch::State::free(uint32_t wait) {
  // That ends its place in the port too.
  close(waits[wait]);
  waits[wait] = kFree;
  unused.push(wait);
}

}  // namespace psutil
