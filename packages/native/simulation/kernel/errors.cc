#include "kernel/errors.h"

#include <errno.h>
#include <string.h>

namespace simulation {

int error_number(const char* name) {
  static constexpr struct {
    const char* name;
    int number;
  } kErrors[] = {
      {"EPERM", EPERM},   {"ENOENT", ENOENT}, {"ESRCH", ESRCH},   {"EINTR", EINTR},   {"EIO", EIO},
      {"ENOMEM", ENOMEM}, {"EACCES", EACCES}, {"EFAULT", EFAULT}, {"EBUSY", EBUSY},   {"EINVAL", EINVAL},
      {"EMFILE", EMFILE}, {"ENFILE", ENFILE}, {"ENOSYS", ENOSYS}, {"EAGAIN", EAGAIN}, {"ENOTDIR", ENOTDIR},
      {"EBADF", EBADF},
  };
  for (const auto& error : kErrors) {
    if (strcmp(error.name, name) == 0) return error.number;
  }
  __builtin_trap();
}

int fail(const char* name) {
  errno = error_number(name);
  return -1;
}

}  // namespace simulation
