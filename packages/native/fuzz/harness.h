// What the harnesses share. Each has the entry that libFuzzer calls: https://llvm.org/docs/LibFuzzer.html.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "harness/check.h"
#include "harness/recorded.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace fuzz {

// The input in a block of exactly its length.
inline check::Bytes bytes_of(const uint8_t* data, size_t size) {
  return check::Bytes({reinterpret_cast<const char*>(data), size});
}

// A hash of the input, for a choice that is not part of a file, such as the requested fields. So an input is a file as it would
// be read, and recorded files are inputs.
inline uint64_t choice(std::string_view input, uint64_t which) {
  uint64_t hash = 0xcbf29ce484222325 + which;  // FNV-1a
  for (const char c : input) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash ^ hash >> 29;
}

// Ends the program if an expectation has failed, so that the input is kept.
inline void stop_if_failing(std::string_view input) {
  if (!check::failing()) return;
  std::printf("\n    input %s\n", check::shown(input).c_str());
  std::fflush(stdout);
  std::abort();
}

}  // namespace fuzz
