// platform/procfs/status_value.h: conversion of names, groups and states.
#include <cstring>

#include "harness/check.h"
#include "harness/recorded.h"
#include "platform/procfs/status.h"
#include "platform/procfs/status_value.h"

using namespace psutil;

namespace {

std::string unescaped(std::string_view escaped) {
  const check::Bytes bytes(escaped);
  Array<char> name;
  EXPECT(unescape_name(bytes.text(), name));
  return std::string(name.data(), name.size());
}

std::string recorded_name(std::string_view of) {
  const std::string text = check::recorded("status", of);
  return unescaped(parse_status(text, bit(Field::name)).name);
}

std::vector<uint32_t> groups(std::string_view line) {
  const check::Bytes bytes(line);
  Array<uint32_t> found;
  EXPECT(parse_groups(bytes.text(), found));
  return {found.data(), found.data() + found.size()};
}

std::vector<uint32_t> recorded_groups(std::string_view of) {
  const std::string text = check::recorded("status", of);
  return groups(parse_status(text, bit(Field::groups)).groups);
}

}  // namespace

TEST("a name is what the process called itself, whatever the bytes") {
  EXPECT_EQ(recorded_name("6.18-name-backslashes"), "\\n\\\\\n\\");
  EXPECT_EQ(recorded_name("6.18-name-like-a-line"), "\nUmask:\t0777\n");
  EXPECT_EQ(recorded_name("6.18-name-parentheses"), "a) R 1 (b) (");
  EXPECT_EQ(recorded_name("6.18-name-not-utf8"), "\xff\xfe(\x80 \xc3\r\t\xe2\x82");
  EXPECT_EQ(recorded_name("6.18-name-empty"), "");
}

TEST("a name that begins with a tab keeps it") {
  EXPECT_EQ(parse_status("Name:\t\ttab\n", bit(Field::name)).name, "\ttab");
}

TEST("only the two escapes that the kernel writes are undone, from left to right") {
  EXPECT_EQ(unescaped("\\\\n"), "\\n");
  EXPECT_EQ(unescaped("\\n\\\\"), "\n\\");
  EXPECT_EQ(unescaped("\\t\\x\\"), "\\t\\x\\");
  EXPECT_EQ(unescaped(""), "");
}

TEST("a name replaces the one that stood in the buffer before") {
  Array<char> name;
  EXPECT(unescape_name("long enough", name));
  EXPECT(unescape_name("short", name));
  EXPECT_EQ(std::string_view(name.data(), name.size()), "short");
}

TEST("groups are all the numbers of their line, in its order") {
  const std::vector<uint32_t> differ = {4, 24, 65534, 4294967294};
  EXPECT(recorded_groups("6.18-all-differ") == differ);
  EXPECT(groups("3 1 2") == (std::vector<uint32_t>{3, 1, 2}));
}

TEST("no groups are an empty list, with the blank that newer kernels write and without") {
  EXPECT(groups("").empty());
  EXPECT(groups("\t").empty());
  EXPECT(groups("\t ").empty());
  EXPECT(recorded_groups("6.18-sleep").empty());
  EXPECT(recorded_groups("4.4-kernel-thread").empty());
}

TEST("groups that were printed as signed are the groups they were, and end no list") {
  const std::vector<uint32_t> wanted = {10, 4294967294, 100, 3000000000};
  EXPECT(recorded_groups("3.1-signed-ids") == wanted);
}

TEST("65,536 groups are all there, and the lines behind them too") {
  std::string text = check::recorded("status", "6.18-all-differ");
  std::string line = "Groups:\t";
  for (uint32_t gid = 0; gid < 65536; gid++) line += std::to_string(gid * 65537) + ' ';
  const size_t from = text.find("Groups:");
  text.replace(from, text.find('\n', from) - from, line);
  const check::Bytes bytes(text);
  const StatusText status = parse_status(bytes.text(), kAllFields);
  const std::vector<uint32_t> found = groups(status.groups);
  EXPECT_EQ(found.size(), 65536);
  for (uint32_t i = 0; i < found.size(); i++) EXPECT_EQ(found[i], i * 65537);
  EXPECT_EQ(status.numbers.i32(Field::sid), 3105);
  EXPECT_EQ(status.numbers.i32(Field::threads), 3);
}

TEST("every state letter of the man page has its state") {
  const struct {
    char letter;
    State state;
  } states[] = {{'R', State::kRunning},     {'S', State::kSleeping}, {'D', State::kDiskSleep}, {'T', State::kStopped},
                {'t', State::kTracingStop}, {'Z', State::kZombie},   {'X', State::kDead},      {'x', State::kDead},
                {'I', State::kIdle},        {'P', State::kParked},   {'W', State::kRunning},   {'K', State::kRunning}};
  for (const auto& wanted : states) {
    check::About about(std::string(1, wanted.letter));
    State state = wanted.state == State::kParked ? State::kIdle : State::kParked;
    EXPECT(parse_state(wanted.letter, state));
    EXPECT_EQ(state, wanted.state);
  }
}

TEST("no other letter has one") {
  for (int letter = 0; letter < 256; letter++) {
    if (letter != 0 && std::strchr("RSDTtZXxIPWK", letter) != nullptr) continue;
    check::About about(std::to_string(letter));
    State state = State::kIdle;
    EXPECT(!parse_state(static_cast<char>(letter), state));
    EXPECT_EQ(state, State::kIdle);
  }
}
