// The arguments and the environment, which the kernel reads out of the process's memory.
#include <cerrno>

#include "platform/linux/life.h"
#include "platform/shared/errno.h"
#include "platform/procfs/cmdline.h"

namespace psutil {
namespace {

Failure put_texts(OpenProcess& row, Field field, std::string_view text, void (*put)(std::string_view, PackedValue&)) {
  if (text.empty()) {
    const Failure failure = why_empty(row, "read");
    if (!failure.ok()) return failure;
  }
  PackedValue value(row.scratch.packed);
  put(text, value);
  if (!value.ok()) return failure_of(ENOMEM, "malloc");
  row.put_packed(field, value);
  return {};
}

}  // namespace

Failure put_cmdline(OpenProcess& row, std::string_view text) {
  return put_texts(row, Field::cmdline, text, put_arguments);
}

Failure put_environ(OpenProcess& row, std::string_view text) {
  return put_texts(row, Field::environ, text, put_environment);
}

}  // namespace psutil
