#include "platform/procfs/cgroup.h"

#include "platform/linux/open_process.h"

namespace psutil {

Failure put_cgroup(OpenProcess& row, std::string_view text) {
  const std::string_view path = parse_cgroup(text);
  if (row.wants(Field::cgroup)) {
    if (path.data() == nullptr) row.put_null(Field::cgroup);
    else row.put_text(Field::cgroup, path);
  }
  if (row.wants(Field::containerId)) {
    const std::string_view id = container_id(path);
    if (id.empty()) row.put_null(Field::containerId);
    else row.put_text(Field::containerId, id);
  }
  return {};
}

}  // namespace psutil
