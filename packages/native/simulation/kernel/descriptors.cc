#include "kernel/descriptors.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>

namespace simulation {

int open_descriptor() { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

void set_readable(int descriptor, bool is_readable) {
  uint64_t number = 1;
  const ssize_t moved = is_readable ? write(descriptor, &number, sizeof number) : read(descriptor, &number, sizeof number);
  if (moved != sizeof number) __builtin_trap();
}

void close_descriptor(int descriptor) { close(descriptor); }

}  // namespace simulation
