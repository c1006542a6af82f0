// The samplers whose readings a thread makes.
#pragma once

#include <cstdint>

#include "core/array.h"
#include "platform/linux/held_files.h"

namespace psutil {

class Samplers {
 public:
  Samplers() = default;
  ~Samplers();
  Samplers(const Samplers&) = delete;
  Samplers& operator=(const Samplers&) = delete;

  // What a sampler holds, from its first reading on; null if memory has run out.
  HeldFiles* files_of(uint32_t sampler);
  void end(uint32_t sampler);

 private:
  struct Sampler {
    uint32_t number;
    HeldFiles* files;
  };
  Array<Sampler> samplers_;
};

}  // namespace psutil
