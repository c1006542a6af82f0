// What a backend can do on this system.
#pragma once

#include <cstdint>

#include "core/failure.h"
#include "core/schema.h"
#include "platform/event_feed.h"

namespace psutil {

// The processes of which something can be read or changed, permissions aside.
enum class Reach : uint8_t { kNone, kOwn, kAny };

// A number that has a name in the system's own headers.
struct Named {
  const char* name;
  int32_t number;
};

struct Capabilities {
  const char* name;            // of the backend: "linux", "freebsd", "unsupported"
  const char* reading;         // what it reads: "procfs", "sysctl"
  FieldSet fields;             // that it reads
  FieldSet bulk;               // that one call reads of every process
  uint32_t signal_sets;        // members of SignalSets that it reads, a bit each
  bool list;                   // whether it lists every PID
  Reach get_rlimit;
  Reach set_rlimit;
  const char* const* sources;  // the names of the SourceCounts, with null after the last
  // A faster way to read every process, which a machine may lack or refuse: "bpf", or null. Without trying it, the function
  // returns why this machine refuses it, or ok. With `of_privileges` it makes one system call and returns which privilege the
  // thread lacks, because a thread may gain and lose privileges.
  const char* walk = nullptr;
  Failure (*refusal_of_walk)(bool of_privileges) = nullptr;
  bool reads_list = false;  // supports ReadKind::kCursor with `listed`
  uint32_t actions = 0;     // of ActionKind beside kRlimit that it performs on any process, a bit each
  bool waits = false;       // ExitWatch is implemented
  // The names of its sources of events, with null after the last, and what opens them; none of both where it has none.
  const char* const* event_sources = nullptr;
  OpenedEvents (*open_events)(EventSources sources) = nullptr;
};

Capabilities capabilities();

}  // namespace psutil
