// The names of users: https://man7.org/linux/man-pages/man3/getpwuid_r.3.html. They may come from the network, so each is
// looked up once a minute at most.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string_view>

#include "core/array.h"

namespace psutil {

class UserNames {
 public:
  // Returns the name, or the number as text if it has no name. The text stays until the next call.
  std::string_view name_of(uint32_t uid);

 private:
  struct Known {
    uint32_t uid;
    size_t name;
    size_t length;
  };

  void forget_old();
  bool ask(uint32_t uid);

  Array<Known> known_;  // by uid
  Array<char> names_;
  Array<char> buffer_;
  double since_ = 0;
};

// A user's number as text.
std::string_view number_of_user(uint32_t uid, char (&digits)[16]);

}  // namespace psutil
