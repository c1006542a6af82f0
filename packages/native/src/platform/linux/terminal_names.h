// The path of a terminal by its device number.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/array.h"

namespace psutil {

class TerminalNames {
 public:
  // By the number that `stat` has; false where no driver is known for it.
  bool find(uint32_t device);
  // Of the last that was found.
  std::string_view name() const { return {name_.data(), name_.size()}; }

 private:
  bool set(std::string_view node, uint32_t number);

  uint32_t device_ = 0;
  bool found_ = false;
  Array<char> name_;
  Array<char> drivers_;
};

// The path of a device by the text of /proc/tty/drivers: its node, and the number behind that (none where it is alone).
struct TerminalDriver {
  std::string_view node;
  uint32_t number;
  bool is_alone;
};
bool parse_tty_drivers(std::string_view text, uint32_t major, uint32_t minor, TerminalDriver& driver);

}  // namespace psutil
