// What the kernel looks at when this thread opens a file of another process.
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "core/array.h"

namespace psutil {

class Credentials {
 public:
  // Returns whether they are others than at the last call.
  bool have_changed();

 private:
  // As far as they are known: what cannot be found out is zero.
  struct Look {
    uid_t user;
    gid_t group;
    uint32_t capabilities[2];  // effective
    uint64_t groups;           // a hash of them
  };

  Look now();
  uint64_t groups_now();

  Look last_ = {};
  Array<gid_t> groups_;
};

}  // namespace psutil
