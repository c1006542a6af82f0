#include "platform/linux/samplers.h"

namespace psutil {

Samplers::~Samplers() {
  for (size_t i = 0; i < samplers_.size(); i++) delete samplers_[i].sampled;
}

Sampled* Samplers::of(uint32_t sampler) {
  for (size_t i = 0; i < samplers_.size(); i++) {
    if (samplers_[i].number == sampler) return samplers_[i].sampled;
  }
  if (!samplers_.reserve(samplers_.size() + 1)) return nullptr;
  samplers_.push({sampler, new Sampled});
  return samplers_[samplers_.size() - 1].sampled;
}

void Samplers::end(uint32_t sampler) {
  for (size_t i = 0; i < samplers_.size(); i++) {
    if (samplers_[i].number != sampler) continue;
    delete samplers_[i].sampled;
    samplers_[i] = samplers_[samplers_.size() - 1];
    samplers_.truncate(samplers_.size() - 1);
    return;
  }
}

}  // namespace psutil
