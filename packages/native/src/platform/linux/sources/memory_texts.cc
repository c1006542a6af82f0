// The arguments and the environment, which the kernel reads out of the process's memory.
#include <cerrno>

#include "platform/linux/open_process.h"
#include "platform/procfs/cmdline.h"

namespace psutil {

Failure put_cmdline(OpenProcess& row, std::string_view text) {
  PackedValue value(row.scratch.packed);
  put_arguments(text, value);
  return row.put(Field::cmdline, value);
}

Failure put_environ(OpenProcess& row, std::string_view text) {
  PackedValue value(row.scratch.packed);
  put_environment(text, value);
  return row.put(Field::environ, value);
}

}  // namespace psutil
