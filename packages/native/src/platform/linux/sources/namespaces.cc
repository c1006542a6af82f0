// The namespaces of a process: the inode behind each link in `ns`.
#include <cerrno>

#include "platform/linux/life.h"
#include "platform/linux/links.h"
#include "platform/linux/namespace_links.h"
#include "platform/shared/errno.h"

namespace psutil {
Failure put_ns(OpenProcess& row, int directory) {
  double inodes[kNamespaces] = {};
  uint32_t absent = 0;
  for (size_t i = 0; i < kNamespaces; i++) {
    FileIdentity found;
    if (identify(directory, kNamespaceLinks[i], found)) {
      inodes[i] = static_cast<double>(found.inode);
    } else if (errno == ENOENT || errno == ESRCH) {
      absent |= uint32_t{1} << i;
    } else {
      return failure_of(errno, "statx");
    }
  }
  // An older kernel lacks some. A zombie has only the user and the PID namespace.
  if (absent != 0) {
    const Failure failure = why_empty(row, "statx");
    if (!failure.ok()) return failure;
  }
  row.put_struct(Field::namespaces, inodes);
  for (size_t i = 0; i < kNamespaces; i++) {
    if ((absent >> i & 1) != 0) row.table.put_null_member(Field::namespaces, i);
  }
  return {};
}

}  // namespace psutil
