// Replaces the simulated kernel's sysctl(): returns the same result, damaged. It includes no system's headers, and its types
// fit all of them.
#include <cstddef>

#include "systems/damage.h"

extern "C" {

int __real_sysctl(const int* name, unsigned length, void* old, size_t* old_size, const void* set, size_t set_size);

int __wrap_sysctl(const int* name, unsigned length, void* old, size_t* old_size, const void* set, size_t set_size) {
  const int result = __real_sysctl(name, length, old, old_size, set, set_size);
  if (result == 0 && old != nullptr) fuzz::damage(old, *old_size);
  return result;
}

}
