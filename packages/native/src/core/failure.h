// Why something could not be read or set. Everything that can go wrong is a value of this type; the
// client makes error objects of them.
#pragma once

#include <cstdint>

namespace psutil {

struct Failure {
  enum class Kind : uint8_t {
    kNone,
    kGone,         // no such process, or the PID belongs to another one by now
    kZombie,       // the process has ended and the system no longer reports this field
    kDenied,       // not permitted
    kUnsupported,  // this platform, kernel or proc root cannot tell
    kSystem,       // any other error of the system
  };

  Kind kind = Kind::kNone;
  int number = 0;              // the errno, as this system counts
  const char* code = "";       // its name: numbers differ between systems, names do not
  const char* syscall = "";    // the call that failed
  const char* about = "";      // what would have to be otherwise, where that is known; columns do not keep it
  bool lasts = false;          // it will be so for as long as this program runs; known of refused walks alone

  bool ok() const { return kind == Kind::kNone; }
};

}  // namespace psutil
