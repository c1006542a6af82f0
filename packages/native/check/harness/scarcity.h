// Lets memory run out at a chosen point.
#pragma once

#include <cstddef>

namespace check {

// During its lifetime, the addon's arrays may grow `left` times more.
class Scarcity {
 public:
  explicit Scarcity(size_t left);
  ~Scarcity();
  Scarcity(const Scarcity&) = delete;
  Scarcity& operator=(const Scarcity&) = delete;
};

}  // namespace check
