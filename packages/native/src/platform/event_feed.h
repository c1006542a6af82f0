// Events of processes from the kernel: a descriptor that becomes readable, and what is read then. A backend that has such a
// source names a function in Capabilities that opens it.
#pragma once

#include <memory>

#include "core/event_writer.h"
#include "core/failure.h"

namespace psutil {

class EventFeed {
 public:
  virtual ~EventFeed() = default;
  EventFeed(const EventFeed&) = delete;
  EventFeed& operator=(const EventFeed&) = delete;

  // Readable while there are events.
  virtual int fd() const { return -1; }

  // Whether a process's new name is an event too.
  virtual void want_renames(bool) {}

  // Appends the events that there are, until the writer is full. It does not wait.
  virtual Failure read(EventWriter&) { return {}; }

 protected:
  EventFeed() = default;
};

// A bit for each source of events, in the order of their names in Capabilities.
using EventSources = uint32_t;
// Beside them: only what opens without waiting, for a thread that must not.
constexpr EventSources kWithoutWaiting = 0x80;

// Opens the first of the sources that works, and returns it; `failures` has why each before it did not.
struct OpenedEvents {
  std::unique_ptr<EventFeed> feed;
  uint32_t source = 0;
  Failure failures[4];
};

}  // namespace psutil
