#include "platform/shared/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace psutil {

Descriptor::~Descriptor() {
  if (fd_ >= 0) close(fd_);
}

int open_at(int directory, const char* path, int flags) {
  int file;
  do {
    file = openat(directory, path, flags);
  } while (file < 0 && errno == EINTR);
  return file;
}

ssize_t read_from_start(int file, char* to, size_t available) {
  ssize_t got;
  do {
    got = pread(file, to, available, 0);
  } while (got < 0 && errno == EINTR);
  return got;
}

ssize_t read_some(int file, char* to, size_t available) {
  ssize_t got;
  do {
    got = read(file, to, available);
  } while (got < 0 && errno == EINTR);
  return got;
}

}  // namespace psutil
