// port_create(3C), port_associate(3C) and port_get(3C) as usr/src/uts/common/fs/portfs answers them, of files of /proc alone, which
// prpoll() polls. With a `patch` of port_associate the process stops at once, which wakes too.
#include "illumos/ports.h"

#include <errno.h>
#include <fcntl.h>
#include <port.h>

#include <map>
#include <vector>

#include "illumos/files.h"
#include "kernel/descriptors.h"
#include "kernel/errors.h"

namespace simulation {
namespace {

struct Association {
  int file;
  int32_t pid;
  uint64_t start;
  void* user;
  bool is_active;
};

struct Port {
  std::vector<Association> associations;
  bool is_readable = false;
};

// By descriptor. Every access holds the kernel.
std::map<int, Port>& ports() {
  static auto* made = new std::map<int, Port>;
  return *made;
}

void settle(int descriptor, Port& port) {
  bool is_readable = false;
  for (const Association& each : port.associations) is_readable = is_readable || each.is_active;
  if (is_readable != port.is_readable) set_readable(descriptor, is_readable);
  port.is_readable = is_readable;
}

bool is_ending(const Process* process) { return process == nullptr || is_zombie(*process) || process->unreaped != 0; }

}  // namespace

void process_ended(const Process& process) {
  for (auto& [descriptor, port] : ports()) {
    for (Association& each : port.associations) {
      if (each.pid == process.pid && each.start == process.start) each.is_active = true;
    }
    settle(descriptor, port);
  }
}

bool close_port(Held& held, int descriptor) {
  if (ports().erase(descriptor) == 0) return false;
  held.call("close");
  close_descriptor(descriptor);
  return true;
}

void dissociate(int descriptor) {
  for (auto& [number, port] : ports()) {
    for (size_t i = port.associations.size(); i-- > 0;) {
      if (port.associations[i].file == descriptor) port.associations.erase(port.associations.begin() + static_cast<long>(i));
    }
    settle(number, port);
  }
}

}  // namespace simulation

using simulation::fail;
using simulation::Held;
using simulation::Outcome;
using simulation::Process;

extern "C" {

int port_create() {
  Held held;
  const Outcome outcome = held.call("port_create");
  if (outcome.error != nullptr) return fail(outcome.error);
  const int descriptor = simulation::open_descriptor();
  if (descriptor < 0) return fail("EMFILE");
  held.call("open");
  simulation::ports()[descriptor] = {};
  return descriptor;
}

int port_associate(int port, int source, uintptr_t object, int events, void* user) {
  Held held;
  const Outcome outcome = held.call("port_associate");
  if (outcome.error != nullptr) return fail(outcome.error);
  const auto found = simulation::ports().find(port);
  // Other events of these files are always there.
  if (found == simulation::ports().end() || source != PORT_SOURCE_FD || events != 0) __builtin_trap();
  const int file = static_cast<int>(object);
  const Process* process = simulation::process_of_descriptor(held, file);
  simulation::dissociate(file);
  const bool is_active = simulation::is_ending(process) || outcome.patched;
  found->second.associations.push_back({file, process == nullptr ? 0 : process->pid, process == nullptr ? 0 : process->start, user, is_active});
  simulation::settle(port, found->second);
  return 0;
}

int port_get(int port, port_event_t* event, struct timespec* timeout) {
  Held held;
  const Outcome outcome = held.call("port_get");
  if (outcome.error != nullptr) return fail(outcome.error);
  const auto found = simulation::ports().find(port);
  // Nothing here may wait.
  if (found == simulation::ports().end() || timeout->tv_sec != 0 || timeout->tv_nsec != 0) __builtin_trap();
  auto& associations = found->second.associations;
  for (size_t i = 0; i < associations.size(); i++) {
    if (!associations[i].is_active) continue;
    constexpr int kHungUp = 0x10;
    *event = {kHungUp, PORT_SOURCE_FD, 0, static_cast<uintptr_t>(associations[i].file), associations[i].user};
    associations.erase(associations.begin() + static_cast<long>(i));
    simulation::settle(port, found->second);
    return 0;
  }
  errno = ETIME;
  return -1;
}

int fcntl(int descriptor, int command, ...) {
  Held held;
  held.call("fcntl");
  if (simulation::ports().count(descriptor) == 0 || command != F_SETFD) __builtin_trap();
  return 0;
}

}
