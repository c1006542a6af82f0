// platform/linux/bpf/privileges.h: which mounts may hide processes. That real ones are found, test/bpf holds.
#include <string>

#include "harness/check.h"
#include "harness/recorded.h"
#include "platform/linux/bpf/privileges.h"

using namespace psutil;

namespace {

// As stat(2) numbers 0:22, and others.
constexpr uint64_t device(uint64_t major, uint64_t minor) {
  return (minor & 0xff) | major << 8 | (minor & ~uint64_t{0xff}) << 12;
}
constexpr uint64_t kProc = device(0, 22);

bool may_hide(std::string_view line, uint64_t on = kProc) {
  const check::Bytes bytes(line);
  return hiding_of(bytes.text(), on) == Hiding::kSome;
}

std::string proc(std::string_view options) {
  return "24 29 0:22 / /proc rw,nosuid,nodev,noexec,relatime shared:13 - proc proc " + std::string(options) + "\n";
}

}  // namespace

TEST("a /proc hides processes where its file system has hidepid, by number or name, and is not off") {
  for (const char* options : {"rw", "ro", "rw,gid=4", "rw,hidepid=0", "rw,hidepid=off", "rw,hidepid=off,gid=4", "rw,subset=pid"}) {
    check::About about(options);
    EXPECT(!may_hide(proc(options)));
  }
  for (const char* options : {"rw,hidepid=1", "rw,hidepid=2", "rw,gid=4,hidepid=4", "rw,hidepid=invisible,subset=pid",
                              "rw,hidepid=noaccess", "rw,hidepid=ptraceable", "rw,hidepid=", "rw,hidepid=00", "hidepid=2"}) {
    check::About about(options);
    EXPECT(may_hide(proc(options)));
  }
}

TEST("the word elsewhere in a line is not the option") {
  EXPECT(may_hide("24 29 0:22 / /proc rw - proc hidepid=0 rw,hidepid=2\n"));
  EXPECT(!may_hide("24 29 0:22 / /proc rw - proc hidepid=2 rw\n"));
  EXPECT(!may_hide("24 29 0:22 / /hidepid=2,x rw - proc proc rw\n"));
  EXPECT(!may_hide("24 29 0:22 / /proc rw,hidepid=2 - proc proc rw\n"));
  EXPECT(!may_hide("24 29 0:22 / /proc rw - proc  rw,nohidepid=2\n"));
  // A source without a name leaves two blanks.
  EXPECT(may_hide("24 29 0:22 / /proc rw -  proc  rw,hidepid=2\n"));
}

TEST("it is the file system on that device, wherever it is mounted, and the first line counts as the last") {
  const std::string text = "23 29 0:21 / /proc rw - proc proc rw,hidepid=2\n" + proc("rw") +
                           "124 29 0:300 / /proc rw - proc proc rw,hidepid=2\n125 29 259:70000 / /x rw - proc proc rw,hidepid=1";
  EXPECT(may_hide(text, device(0, 21)));
  EXPECT(!may_hide(text, kProc));
  EXPECT(may_hide(text, device(0, 300)));
  EXPECT(may_hide(text, device(259, 70'000)));
}

TEST("of a device that has no line nothing is known, whatever the lines are") {
  for (const std::string& text : {std::string(), std::string("\n\n"), proc("rw"), std::string("24 29 0\n24 29 0:\n24 29 0:2\n"),
                                  std::string("24 29 1:2 / /proc rw - proc proc rw"), std::string("24 29 0:23x / /\n"),
                                  std::string("24 29 x:y / /\n0:23"), std::string("24 29 4294967296:23 / /\n")}) {
    check::About about(text);
    const check::Bytes bytes(text);
    for (const uint64_t on : {device(0, 23), device(1, 22), uint64_t{0}}) {
      EXPECT_EQ(hiding_of(bytes.text(), on), Hiding::kUnknown);
    }
  }
}
