// Replaces the simulated kernel's read(): returns the same result, damaged.
#include <cstddef>

#include "systems/damage.h"

extern "C" {

long __real_read(int file, void* to, size_t size);

long __wrap_read(int file, void* to, size_t size) {
  const long got = __real_read(file, to, size);
  if (got > 0) fuzz::damage(to, static_cast<size_t>(got));
  return got;
}

}
