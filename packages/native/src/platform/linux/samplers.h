// The samplers whose readings a thread makes.
#pragma once

#include <cstdint>

#include "core/array.h"
#include "platform/linux/held_files.h"
#include "platform/linux/known_processes.h"

namespace psutil {

struct Sampled {
  HeldFiles files;
  KnownProcesses processes;
};

class Samplers {
 public:
  Samplers() = default;
  ~Samplers();
  Samplers(const Samplers&) = delete;
  Samplers& operator=(const Samplers&) = delete;

  // What is kept for a sampler, from its first reading on; null if memory has run out.
  Sampled* of(uint32_t sampler);
  void end(uint32_t sampler);

 private:
  struct Sampler {
    uint32_t number;
    Sampled* sampled;
  };
  Array<Sampler> samplers_;
};

}  // namespace psutil
