#include "harness/scarcity.h"

#include <cstdint>

// The linker replaces every realloc by __wrap_realloc (--wrap in build.mjs). Only Array calls it: the strings of the tests use
// operator new.
extern "C" void* __real_realloc(void* block, size_t size);

namespace {

size_t left_over = SIZE_MAX;

}  // namespace

extern "C" void* __wrap_realloc(void* block, size_t size) {
  if (left_over == 0) return nullptr;
  if (left_over != SIZE_MAX) left_over--;
  return __real_realloc(block, size);
}

namespace check {

Scarcity::Scarcity(size_t left) { left_over = left; }
Scarcity::~Scarcity() { left_over = SIZE_MAX; }

}  // namespace check
