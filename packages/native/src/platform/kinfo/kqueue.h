// kevent(2) with one change at a time, and without waiting.
#pragma once

#include <sys/types.h>

#include <sys/event.h>
#include <sys/time.h>

#include <cerrno>
#include <cstdint>
#include <utility>

namespace psutil {

// What differs in width from system to system.
using EventFilter = decltype(std::declval<struct kevent>().filter);
using EventFlags = decltype(std::declval<struct kevent>().flags);
using EventNotes = decltype(std::declval<struct kevent>().fflags);
using EventData = decltype(std::declval<struct kevent>().data);

// Adds an event that is to be reported, with `number`. Returns 0 or an errno.
inline int add_event(int queue, uintptr_t ident, EventFilter filter, EventNotes notes, EventData data, intptr_t number) {
  struct kevent change = {};
  change.ident = ident;
  change.filter = filter;
  change.flags = EV_ADD;
  change.fflags = notes;
  change.data = data;
  change.udata = reinterpret_cast<void*>(number);
  return kevent(queue, &change, 1, nullptr, 0, nullptr) == 0 ? 0 : errno;
}

inline intptr_t number_of(const struct kevent& event) { return reinterpret_cast<intptr_t>(event.udata); }

// Takes up to `most` events that are there. Returns how many, or -1 with errno set.
template <size_t most>
int take_events(int queue, struct kevent (&events)[most]) {
  constexpr timespec kNow = {0, 0};
  return kevent(queue, nullptr, 0, events, most, &kNow);
}

}  // namespace psutil
