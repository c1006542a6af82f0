// platform/procfs/life.h: the kinds of processes that have nothing to read.
#include "platform/procfs/life.h"

#include "harness/check.h"
#include "harness/recorded.h"

using namespace psutil;

namespace {

Life life_of(std::string_view text) {
  const check::Bytes bytes(text);
  return parse_life(bytes.text());
}

// The text of a process in this state, with these flags and so many threads.
std::string line(char state, unsigned flags, int threads) {
  return std::string("7 (a) b) ") + state + " 1 7 7 0 -1 " + std::to_string(flags) + " 0 0 0 0 0 0 0 0 20 0 " +
         std::to_string(threads) + " 0 88 0\n";
}

}  // namespace

TEST("recorded processes are alive, kernel threads, zombies, or being reaped") {
  EXPECT_EQ(life_of(check::recorded("stat", "6.18-sleep")), Life::kAlive);
  EXPECT_EQ(life_of(check::recorded("stat", "6.18-name-parentheses")), Life::kAlive);
  EXPECT_EQ(life_of(check::recorded("stat", "6.18-kthreadd")), Life::kKernelThread);
  EXPECT_EQ(life_of(check::recorded("stat", "4.4-kernel-thread")), Life::kKernelThread);
  EXPECT_EQ(life_of(check::recorded("stat", "6.18-zombie")), Life::kZombie);
  EXPECT_EQ(life_of(check::recorded("stat", "6.1-being-reaped")), Life::kGone);
}

TEST("a process whose main thread has ended is not a zombie while others live") {
  EXPECT_EQ(life_of(line('Z', 0, 1)), Life::kZombie);
  EXPECT_EQ(life_of(line('Z', 0, 2)), Life::kHeadless);
  EXPECT_EQ(life_of(line('X', 0, 1)), Life::kZombie);
}

TEST("a process that is about to end has given its memory back") {
  constexpr unsigned kExiting = 0x4;
  EXPECT_EQ(life_of(line('R', kExiting, 1)), Life::kZombie);
  EXPECT_EQ(life_of(line('D', kExiting, 2)), Life::kHeadless);
  EXPECT_EQ(life_of(line('R', 0x400100, 1)), Life::kAlive);
}

TEST("a text that is cut says nothing of a process") {
  const std::string whole = line('S', 0, 12);
  for (size_t length = 0; length < whole.find(" 12 ") + 1; length++) {
    EXPECT_EQ(life_of(std::string_view(whole).substr(0, length)), Life::kGone);
  }
}
