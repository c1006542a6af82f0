// Opens and reads files. A signal does not interrupt these functions.
#pragma once

#include <sys/types.h>

#include <cstddef>

namespace psutil {

// A descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor();
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  // The caller closes it from now on.
  int release() {
    const int fd = fd_;
    fd_ = -1;
    return fd;
  }

 private:
  int fd_;
};

// openat(2) and read(2), called again if a signal interrupts them.
int open_at(int directory, const char* path, int flags);
ssize_t read_some(int file, char* to, size_t available);
// The same from the first byte on, of a file that is read again and again.
ssize_t read_from_start(int file, char* to, size_t available);

}  // namespace psutil
