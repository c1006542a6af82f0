// Bytes of a kernel's answers that are other ones than it would write, as the input says.
#pragma once

#include <cstddef>

namespace fuzz {

void damage(void* bytes, size_t size);

}  // namespace fuzz
