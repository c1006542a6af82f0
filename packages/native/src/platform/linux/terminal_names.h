// The path of a terminal by its device number.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/array.h"

namespace psutil {

class TerminalNames {
 public:
  // Returns the path by the number in `stat`, or false if no driver is known for it.
  bool find(uint32_t device);
  // The last result.
  std::string_view name() const { return {name_.data(), name_.size()}; }

 private:
  bool set(std::string_view node, uint32_t number);

  uint32_t device_ = 0;
  bool found_ = false;
  Array<char> name_;
  Array<char> drivers_;
};

// Finds the path of a device in the text of /proc/tty/drivers: the node of its driver, and a number unless it is the only
// device.
struct TerminalDriver {
  std::string_view node;
  uint32_t number;
  bool is_alone;
};
bool parse_tty_drivers(std::string_view text, uint32_t major, uint32_t minor, TerminalDriver& driver);

}  // namespace psutil
