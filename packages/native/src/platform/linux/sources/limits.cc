#include "platform/procfs/limits.h"

#include "platform/linux/open_process.h"
#include "platform/shared/errno.h"

namespace psutil {

Failure put_limits(OpenProcess& row, std::string_view text) {
  if (text.empty()) return gone("read");  // the parent has waited for the process since the file was opened
  Limit limits[kResources];
  if (!parse_limits(text, limits)) return unsupported("read");
  row.put(Field::rlimits, limits, sizeof limits);
  return {};
}

}  // namespace psutil
