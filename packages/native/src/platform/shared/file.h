// Files, opened and read without minding signals.
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

// As openat(2) and read(2), called again where a signal came between.
int open_at(int directory, const char* path, int flags);
ssize_t read_some(int file, char* to, size_t available);

}  // namespace psutil
