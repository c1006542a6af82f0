// Why something could not be read or set. Every error is a value of this type; the client turns it into an error object.
#pragma once

#include <cstdint>

namespace psutil {

struct Failure {
  enum class Kind : uint8_t {
    kNone,
    kGone,         // no such process, or the PID belongs to another one by now
    kZombie,       // the process has ended and the system no longer reports this field
    kDenied,       // not permitted
    kUnsupported,  // not available from this platform, kernel or proc root
    kSystem,       // any other error of the system
  };

  Kind kind = Kind::kNone;
  int number = 0;              // the errno on this system
  const char* code = "";       // its name: numbers differ between systems, names do not
  const char* syscall = "";    // the call that failed
  const char* about = "";      // what to change, if that is known; columns do not keep it
  bool lasts = false;          // it will not change while this program runs; set only for refused reads by BPF

  bool ok() const { return kind == Kind::kNone; }
};

}  // namespace psutil
