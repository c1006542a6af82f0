#include "platform/shared/groups.h"

#include <sys/types.h>
#include <unistd.h>

#include <cerrno>

#include "platform/shared/errno.h"

namespace psutil {

Failure get_own_groups(Array<char>& groups) {
  const int max = getgroups(0, nullptr);
  if (max < 0) return failure_of(errno, "getgroups");
  if (!groups.resize(static_cast<size_t>(max) * sizeof(gid_t))) return failure_of(ENOMEM, "malloc");
  // With a size of 0, getgroups returns the count instead of the groups.
  if (max == 0) return {};
  const int count = getgroups(max, reinterpret_cast<gid_t*>(groups.data()));
  if (count < 0) return failure_of(errno, "getgroups");
  groups.resize(static_cast<size_t>(count) * sizeof(gid_t));
  return {};
}

}  // namespace psutil
