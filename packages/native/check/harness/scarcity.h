// Memory that runs out when a test says so.
#pragma once

#include <cstddef>

namespace check {

// While it stands, the addon's arrays may grow `left` times more and then no further.
class Scarcity {
 public:
  explicit Scarcity(size_t left);
  ~Scarcity();
  Scarcity(const Scarcity&) = delete;
  Scarcity& operator=(const Scarcity&) = delete;
};

}  // namespace check
