// Changes bytes of a kernel's results, as the input requests.
#pragma once

#include <cstddef>

namespace fuzz {

void damage(void* bytes, size_t size);

}  // namespace fuzz
