#include "platform/linux/page_size.h"

#include <unistd.h>

namespace psutil {

const uint64_t kPageSize = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));

}  // namespace psutil
