// What differs in EVFILT_PROC of the systems with a kqueue(2). Each kernel.cc says it of its own.
#pragma once

namespace simulation {

struct ProcessEvents {
  bool find_zombies;  // an event is reported at once of a process that has ended; else it is ESRCH
  bool are_denied;    // EACCES for a process that the caller may not signal
  unsigned status;    // the flag with which a status is requested; 0: it is always reported. EACCES is then for that alone.
};
extern const ProcessEvents kProcessEvents;

// Whether it was a kqueue's.
bool close_queue(int descriptor);

}  // namespace simulation
