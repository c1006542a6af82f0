// A descriptor of a process: https://man7.org/linux/man-pages/man2/pidfd_open.2.html.
#pragma once

#include <cerrno>
#include <cmath>
#include <cstdint>

#include "core/failure.h"
#include "platform/shared/file.h"

namespace psutil {

class Pidfd {
 public:
  // Of the process that has this number now; a thread's number is none.
  explicit Pidfd(int32_t pid);

  // Takes one over, which it closes from now on.
  static Pidfd of(int pidfd) { return Pidfd(Opened{pidfd}); }

  bool is_open() const { return descriptor_.get() >= 0; }
  const Failure& failure() const { return failure_; }
  // Whether there are none here: a kernel before 5.3 lacks pidfd_open(2), and a filter may deny it. By itself it never answers EPERM.
  bool is_denied() const { return failure_.number == ENOSYS || failure_.number == EPERM; }

  // Sends a signal; 0 only asks.
  Failure send(int signal) const;

  // Whether its parent has waited for it: until then no other process can have its number.
  bool is_reaped() const { return is_reaped(get()); }
  static bool is_reaped(int pidfd);

  // The descriptor, which the caller closes from now on.
  int release() { return descriptor_.release(); }

  int get() const { return descriptor_.get(); }

  // The part of its start that is behind the point, see start_of(); 0 where the kernel does not number processes.
  Failure serial(double& serial) const;

 private:
  struct Opened {
    int pidfd;
  };
  explicit Pidfd(Opened opened) : descriptor_(opened.pidfd) {}

  Descriptor descriptor_;
  Failure failure_;
};

// Whether the inode of a pidfd is the process's own, of all that the system ever starts (pidfs, since Linux 6.9).
bool has_pidfs();

// A start is the tick at which the process began and, where the kernel numbers processes, behind the point what that
// number leaves when it is divided by 2^17 - 1, plus one. Of two processes with one PID that began in the same tick the
// serials differ, for no system starts 131,071 processes in a tick. 36 bits of ticks, 21 years, and 17 make the 53 of
// a double.
inline double tick_of(double start) { return std::floor(start); }
inline double serial_of(double start) { return start - std::floor(start); }
double start_of(uint64_t tick, double serial);

}  // namespace psutil
