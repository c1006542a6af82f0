// platform/procfs/exit_status.h: how a process has ended, in the stat of a zombie.
#include "platform/procfs/exit_status.h"

#include <string>

#include "harness/check.h"
#include "harness/recorded.h"

using namespace psutil;

namespace {

bool parse(std::string_view text, ExitText& out) {
  const check::Bytes bytes(text);
  return parse_exit(bytes.text(), out);
}

// The text of a process in this state, with so many threads and this status, or none.
std::string line(char state, int threads, const char* status) {
  std::string text = std::string("7 (a) b) ") + state;
  for (int place = 4; place < 52; place++) text += ' ' + std::to_string(place == 20 ? threads : 1);
  return text + status + '\n';
}

}  // namespace

TEST("the status of a zombie is the last number of its stat") {
  ExitText exit;
  EXPECT(parse(line('Z', 1, " 1792"), exit));
  EXPECT(exit.has_ended && exit.has_status && exit.status == 0x700);
  EXPECT(parse(line('X', 1, " 139"), exit));
  EXPECT(exit.has_ended && exit.status == 139);
}

TEST("a process has ended only once all its threads have") {
  ExitText exit;
  EXPECT(parse(line('Z', 2, " 0"), exit));
  EXPECT(!exit.has_ended);
  EXPECT(parse(line('S', 1, " 0"), exit));
  EXPECT(!exit.has_ended);
}

TEST("a kernel without a status in stat has none") {
  ExitText exit;
  EXPECT(parse(line('Z', 1, ""), exit));
  EXPECT(exit.has_ended && !exit.has_status);
}

TEST("recorded processes have ended where they are zombies") {
  ExitText exit;
  EXPECT(parse(check::recorded("stat", "6.18-zombie"), exit));
  EXPECT(exit.has_ended && exit.has_status);
  EXPECT(parse(check::recorded("stat", "6.18-sleep"), exit));
  EXPECT(!exit.has_ended && exit.has_status);
}

TEST("what is no stat has no status") {
  ExitText exit;
  for (const char* text : {"", "7 (a", "7 (a)", "7 (a) ", "7 (a) Zombie 1", "7 (a) Z 1 1 x"}) EXPECT(!parse(text, exit));
}
