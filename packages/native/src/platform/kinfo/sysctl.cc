#include "platform/kinfo/sysctl.h"

#include <sys/types.h>

#include <sys/sysctl.h>

#include <cerrno>

#include "platform/shared/errno.h"

namespace psutil {
namespace {

constexpr int kTries = 6;

}  // namespace

Failure read_sysctl(Mib mib, void* value, size_t& size) {
  return sysctl(mib.numbers, mib.length, value, &size, nullptr, 0) == 0 ? Failure{} : failure_of(errno, "sysctl");
}

Failure read_sysctl(Mib mib, Array<char>& value) {
  for (int tries = 0; tries < kTries; tries++) {
    size_t size = 0;
    Failure failure = read_sysctl(mib, nullptr, size);
    if (!failure.ok()) return failure;
    // Each time the room was too small, more is added to the size that the system returns.
    size += size / 8 * static_cast<size_t>(tries + 1);
    if (!value.resize(size)) return failure_of(ENOMEM, "malloc");
    failure = read_sysctl(mib, value.data(), size);
    if (failure.ok()) value.resize(size);
    if (failure.number != ENOMEM) return failure;
  }
  return failure_of(ENOMEM, "sysctl");
}

}  // namespace psutil
