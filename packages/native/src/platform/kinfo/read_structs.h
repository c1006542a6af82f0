// Processes as sysctl(3) returns them: one struct of the system's, or an array of them. The system may fill in more than is
// needed: `size` is that part of the struct which the caller asks for.
#pragma once

#include <cstring>

#include "platform/kinfo/sysctl.h"
#include "platform/shared/errno.h"

namespace psutil {

// The struct of one process. The system returns no bytes, and no error, for a PID without a process. `size_error` is its
// error for a struct of another size than its own.
inline Failure read_struct(const Mib& mib, void* raw, size_t size, int size_error = 0) {
  size_t returned = size;
  const Failure failure = read_sysctl(mib, raw, returned);
  if (!failure.ok()) return failure.number == size_error ? unsupported("sysctl") : failure;
  if (returned == 0) return gone("sysctl");
  return returned == size ? Failure{} : unsupported("sysctl");
}

// Calls `take` with each struct, until it fails.
template <typename Struct, typename Take>
Failure read_structs(const Mib& mib, size_t size, Array<char>& bytes, Take take) {
  Failure failure = read_sysctl(mib, bytes);
  if (!failure.ok()) return failure;
  if (bytes.size() % size != 0) return unsupported("sysctl");
  for (size_t at = 0; at < bytes.size() && failure.ok(); at += size) {
    Struct raw;
    std::memcpy(&raw, bytes.data() + at, size);
    failure = take(raw);
  }
  return failure;
}

}  // namespace psutil
