// kqueue(2) and kevent(2), as sys/kern/kern_event.c of each system answers them: EVFILT_PROC with NOTE_EXIT, EVFILT_READ of
// another kqueue, and EVFILT_TIMER, which expires when it is added and from then on whenever a process ends. "kevent=proc",
// "kevent=read" and "kevent=timer" add an event, "kevent" takes some.
#include "kernel/kqueue.h"

#include <sys/types.h>

#include <sys/event.h>
#include <sys/time.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <map>
#include <vector>

#include "core/schema.h"
#include "kernel/descriptors.h"
#include "kernel/errors.h"
#include "kernel/table.h"

namespace simulation {
namespace {

struct Note {
  struct kevent event;
  uint64_t start;  // of a process
  bool is_active;
};

struct Queue {
  std::vector<Note> notes;
  bool is_readable = false;
};

// By descriptor. Every access holds the kernel.
std::map<int, Queue>& queues() {
  static auto* made = new std::map<int, Queue>;
  return *made;
}

bool is_read(const Note& note, int descriptor) {
  return note.event.filter == EVFILT_READ && note.event.ident == static_cast<uintptr_t>(descriptor);
}

// Passes on to the queues that read this one whether it has an event.
void settle(int descriptor, Queue& queue) {
  bool is_readable = false;
  for (const Note& note : queue.notes) is_readable = is_readable || note.is_active;
  if (is_readable == queue.is_readable) return;
  queue.is_readable = is_readable;
  set_readable(descriptor, is_readable);
  for (auto& [number, reader] : queues()) {
    for (Note& note : reader.notes) {
      if (!is_read(note, descriptor)) continue;
      note.is_active = is_readable;
      settle(number, reader);
    }
  }
}

bool has_ended(const Process& process) {
  return process.unreaped != 0 || process.state == static_cast<uint32_t>(psutil::State::kZombie);
}

void report_exit(Note& note, const Process& process) {
  const bool has_status = kProcessEvents.status == 0 || (note.event.fflags & kProcessEvents.status) != 0;
  note.event.data = has_status ? process.status : 0;
  note.event.flags |= EV_EOF | EV_ONESHOT;
  note.is_active = true;
}

// filt_procattach()
const char* attach_process(Held& held, Note& note) {
  if ((note.event.fflags & NOTE_EXIT) == 0) return "EINVAL";
  const Process* process = held.find(static_cast<int>(note.event.ident));
  if (process == nullptr || (has_ended(*process) && !kProcessEvents.find_zombies)) return "ESRCH";
  const bool is_denied = (process->denied & Process::kDeniedSet) != 0 && kProcessEvents.are_denied;
  if (is_denied && (kProcessEvents.status == 0 || (note.event.fflags & kProcessEvents.status) != 0)) return "EACCES";
  note.start = process->start;
  note.event.flags |= EV_CLEAR;
  if (has_ended(*process)) report_exit(note, *process);
  return nullptr;
}

// filt_kqueue()
const char* attach_queue(Note& note) {
  const auto found = queues().find(static_cast<int>(note.event.ident));
  if (found == queues().end()) return "EBADF";
  note.is_active = found->second.is_readable;
  return nullptr;
}

const char* attach(Held& held, Note& note) {
  const bool is_process = note.event.filter == EVFILT_PROC;
  const bool is_timer = note.event.filter == EVFILT_TIMER;
  const Outcome outcome = held.call(is_process ? "kevent=proc" : is_timer ? "kevent=timer" : "kevent=read",
                                    is_process || is_timer ? static_cast<int32_t>(note.event.ident) : 0);
  if (outcome.error != nullptr) return outcome.error;
  if (is_process) return attach_process(held, note);
  if (!is_timer) return attach_queue(note);
  if (note.event.data <= 0) return "EINVAL";
  note.event.flags |= EV_CLEAR;
  note.is_active = true;
  return nullptr;
}

int change(Held& held, int descriptor, Queue& queue, const struct kevent& wanted) {
  if (wanted.flags != EV_ADD) return fail("EINVAL");
  Note added = {wanted, 0, false};
  for (const Note& note : queue.notes) {
    // A second one of the same name would change the first.
    if (note.event.ident == wanted.ident && note.event.filter == wanted.filter) __builtin_trap();
  }
  const char* error = attach(held, added);
  if (error != nullptr) return fail(error);
  queue.notes.push_back(added);
  settle(descriptor, queue);
  return 0;
}

int take(Held& held, int descriptor, Queue& queue, struct kevent* events, size_t most) {
  const Outcome outcome = held.call("kevent");
  if (outcome.error != nullptr) return fail(outcome.error);
  int count = 0;
  for (size_t i = 0; i < queue.notes.size() && static_cast<size_t>(count) < most;) {
    Note& note = queue.notes[i];
    const bool is_taken = note.is_active;
    if (is_taken) events[count++] = note.event;
    if (is_taken && (note.event.flags & EV_CLEAR) != 0) note.is_active = false;
    if (is_taken && (note.event.flags & EV_ONESHOT) != 0) queue.notes.erase(queue.notes.begin() + static_cast<long>(i));
    else i++;
  }
  settle(descriptor, queue);
  return count;
}

}  // namespace

void process_ended(const Process& process) {
  for (auto& [descriptor, queue] : queues()) {
    for (Note& note : queue.notes) {
      const bool is_its = note.event.filter == EVFILT_PROC && note.event.ident == static_cast<uintptr_t>(process.pid);
      if (is_its && note.start == process.start && !note.is_active) report_exit(note, process);
      if (note.event.filter == EVFILT_TIMER) note.is_active = true;
    }
    settle(descriptor, queue);
  }
}

bool close_queue(int descriptor) {
  Held held;
  const auto found = queues().find(descriptor);
  if (found == queues().end()) return false;
  found->second.notes.clear();
  settle(descriptor, found->second);
  queues().erase(found);
  for (auto& [number, reader] : queues()) {
    for (size_t i = reader.notes.size(); i-- > 0;) {
      if (is_read(reader.notes[i], descriptor)) reader.notes.erase(reader.notes.begin() + static_cast<long>(i));
    }
  }
  held.call("close queue");
  close_descriptor(descriptor);
  return true;
}

}  // namespace simulation

using simulation::fail;
using simulation::Held;
using simulation::Outcome;

extern "C" {

int kqueue() {
  Held held;
  const Outcome outcome = held.call("kqueue");
  if (outcome.error != nullptr) return fail(outcome.error);
  const int descriptor = simulation::open_descriptor();
  if (descriptor < 0) return fail("EMFILE");
  simulation::queues()[descriptor] = {};
  return descriptor;
}

#ifdef __NetBSD__
using Count = size_t;
#else
using Count = int;
#endif

int kevent(int descriptor, const struct kevent* changes, Count change_count, struct kevent* events, Count most,
           const struct timespec* timeout) {
  Held held;
  const auto found = simulation::queues().find(descriptor);
  if (found == simulation::queues().end()) return fail("EBADF");
  if (change_count == 1 && most == 0) return simulation::change(held, descriptor, found->second, *changes);
  // Nothing here may wait.
  if (timeout == nullptr || timeout->tv_sec != 0 || timeout->tv_nsec != 0) __builtin_trap();
  return simulation::take(held, descriptor, found->second, events, static_cast<size_t>(most));
}

int fcntl(int descriptor, int command, ...) {
  Held held;
  held.call("fcntl");
  if (simulation::queues().count(descriptor) == 0 || command != F_SETFD) __builtin_trap();
  return 0;
}

#ifndef __DragonFly__
// The backend closes nothing else.
int close(int descriptor) {
  if (!simulation::close_queue(descriptor)) __builtin_trap();
  return 0;
}
#endif

}
