#include "platform/linux/terminal_names.h"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>

#include "core/text.h"
#include "platform/shared/file.h"

namespace psutil {
namespace {

constexpr uint32_t kFirstPts = 136;
constexpr uint32_t kLastPts = 143;
constexpr uint32_t kPtsOfMajor = 256;
// Virtual consoles, and then serial lines: Documentation/admin-guide/devices.txt. They have fixed numbers, which are needed if
// /proc shows only processes and has no list of drivers.
constexpr uint32_t kTtyMajor = 4;
constexpr uint32_t kFirstSerial = 64;

std::string_view take_line(std::string_view& text) {
  const size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

}  // namespace

// "/dev/tty             /dev/tty        5       0 system:/dev/tty", "serial /dev/ttyS 4 64-95 serial". The name of a device is
// the node of its driver and, if that has several devices, a number, counted from the first minor.
bool parse_tty_drivers(std::string_view text, uint32_t major, uint32_t minor, TerminalDriver& driver) {
  while (!text.empty()) {
    Scanner scanner(take_line(text));
    scanner.word();
    const std::string_view node = scanner.word();
    uint32_t of_major;
    uint32_t first;
    if (!scanner.number(of_major) || !scanner.number(first)) continue;
    uint32_t last = first;
    if (scanner.peek() == '-') {
      scanner.step();
      if (!scanner.number(last)) continue;
    }
    if (of_major != major || minor < first || minor > last) continue;
    // The number of a virtual console is its minor: /dev/tty1 is 4, 1.
    const bool by_minor = node == "/dev/tty" && major == 4;
    // Devices of the system driver have names without numbers.
    driver = {node, by_minor ? minor : minor - first, scanner.word().substr(0, 6) == "system"};
    return true;
  }
  return false;
}

bool TerminalNames::set(std::string_view node, uint32_t number) {
  char digits[16];
  const std::to_chars_result end = std::to_chars(digits, digits + sizeof digits, number);
  name_.clear();
  return name_.append(node.data(), node.size()) && name_.append(digits, static_cast<size_t>(end.ptr - digits));
}

bool TerminalNames::find(uint32_t device) {
  if (device == device_) return found_;
  device_ = device;
  const uint32_t major = device >> 8 & 0xfff;
  const uint32_t minor = (device & 0xff) | (device >> 12 & 0xfff00);
  if (major >= kFirstPts && major <= kLastPts) {
    return found_ = set("/dev/pts/", minor + (major - kFirstPts) * kPtsOfMajor);
  }
  if (major == kTtyMajor) {
    return found_ = minor < kFirstSerial ? set("/dev/tty", minor) : set("/dev/ttyS", minor - kFirstSerial);
  }
  found_ = false;
  const Descriptor file(open("/proc/tty/drivers", O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return false;
  drivers_.clear();
  for (;;) {
    if (!drivers_.reserve(drivers_.size() + 4096)) return false;
    const ssize_t got = ::read(file.get(), drivers_.data() + drivers_.size(), drivers_.capacity() - drivers_.size());
    if (got < 0) return false;
    if (got == 0) break;
    drivers_.resize(drivers_.size() + static_cast<size_t>(got));
  }
  TerminalDriver driver;
  if (!parse_tty_drivers({drivers_.data(), drivers_.size()}, major, minor, driver)) return false;
  name_.clear();
  if (driver.is_alone) return found_ = name_.append(driver.node.data(), driver.node.size());
  return found_ = set(driver.node, driver.number);
}

}  // namespace psutil
