// platform/linux/terminal_names.h: the path of a terminal by its device number.
#include "platform/linux/terminal_names.h"

#include "harness/check.h"
#include "harness/recorded.h"

using namespace psutil;

namespace {

constexpr char kDrivers[] =
    "/dev/tty             /dev/tty        5       0 system:/dev/tty\n"
    "/dev/console         /dev/console    5       1 system:console\n"
    "/dev/ptmx            /dev/ptmx       5       2 system\n"
    "/dev/vc/0            /dev/vc/0       4       0 system:vtmaster\n"
    "serial               /dev/ttyS       4 64-95 serial\n"
    "pty_slave            /dev/pts      136 0-1048575 pty:slave\n"
    "unknown              /dev/tty        4 1-63 console\n";

std::string found(uint32_t major, uint32_t minor) {
  const check::Bytes bytes(kDrivers);
  TerminalDriver driver;
  if (!parse_tty_drivers(bytes.text(), major, minor, driver)) return "none";
  return std::string(driver.node) + (driver.is_alone ? "" : std::to_string(driver.number));
}

uint32_t device(uint32_t major, uint32_t minor) { return (minor & 0xff) | major << 8 | (minor & 0xfff00) << 12; }

}  // namespace

TEST("a driver's devices are numbered from its first, and virtual consoles by their own number") {
  EXPECT_EQ(found(4, 64), "/dev/ttyS0");
  EXPECT_EQ(found(4, 95), "/dev/ttyS31");
  EXPECT_EQ(found(4, 1), "/dev/tty1");
  EXPECT_EQ(found(5, 1), "/dev/console");
  EXPECT_EQ(found(4, 96), "none");
  EXPECT_EQ(found(7, 1), "none");
}

TEST("pseudo terminals are numbered through, past the 8 bits of a minor number") {
  TerminalNames names;
  EXPECT(names.find(device(136, 3)));
  EXPECT_EQ(names.name(), "/dev/pts/3");
  EXPECT(names.find(device(136, 300)));
  EXPECT_EQ(names.name(), "/dev/pts/300");
}

TEST("texts that are cut are read to where they end") {
  const std::string text = kDrivers;
  for (size_t length = 0; length < text.size(); length++) {
    const check::Bytes bytes(std::string_view(text).substr(0, length));
    TerminalDriver driver;
    parse_tty_drivers(bytes.text(), 4, 70, driver);
  }
}
