// platform/procfs/cmdline.h: /proc/PID/cmdline and environ.
#include "platform/procfs/cmdline.h"

#include <cstring>
#include <vector>

#include "harness/check.h"
#include "harness/recorded.h"

using namespace psutil;

namespace {

using Texts = std::vector<std::string>;

Texts texts_of(std::string_view text, void (*put)(std::string_view, PackedValue&)) {
  const check::Bytes bytes(text);
  Array<uint8_t> packed;
  PackedValue value(packed);
  put(bytes.text(), value);
  EXPECT(value.ok());
  Texts texts;
  for (size_t at = 0; at < value.size();) {
    uint32_t length;
    std::memcpy(&length, value.data() + at, sizeof length);
    texts.emplace_back(reinterpret_cast<const char*>(value.data() + at + sizeof length), length);
    at += sizeof length + length;
  }
  return texts;
}

// With a null byte for each `|`.
std::string text_of(std::string text) {
  for (char& c : text) c = c == '|' ? '\0' : c;
  return text;
}

void expect_arguments(const char* text, const Texts& wanted) {
  check::About about(text);
  EXPECT(texts_of(text_of(text), put_arguments) == wanted);
}

}  // namespace

TEST("arguments end in a null byte each, and may be empty or have blanks") {
  expect_arguments("", {});
  expect_arguments("node|", {"node"});
  expect_arguments("node|a b||c|", {"node", "a b", "", "c"});
  expect_arguments("|", {""});
  expect_arguments("||x|", {"", "", "x"});
  expect_arguments("echo||", {"echo", ""});
  expect_arguments("echo|||", {"echo", "", ""});
  expect_arguments("a|b|||||", {"a", "b", "", "", "", ""});
  expect_arguments("a |", {"a "});
  expect_arguments("\xff\xfe|", {"\xff\xfe"});
}

TEST("a title that a process has written over its arguments is one, without what fills the rest") {
  expect_arguments("nginx: worker process||||||||", {"nginx: worker process"});
  expect_arguments("title||||", {"title"});
  expect_arguments("sshd: user@pts/3", {"sshd: user@pts/3"});
  expect_arguments("sendmail: accepting connections      ", {"sendmail: accepting connections"});
  expect_arguments("    ", {});
}

TEST("arguments that older kernels cut behind a page are split all the same") {
  expect_arguments("java|-cp|/usr/sh", {"java", "-cp", "/usr/sh"});
}

TEST("entries of an environment are as they are, without empty ones") {
  const auto entries = [](const char* text) { return texts_of(text_of(text), put_environment); };
  EXPECT(entries("") == Texts{});
  EXPECT(entries("A=1|B=|C|=D|A=2|") == (Texts{"A=1", "B=", "C", "=D", "A=2"}));
  EXPECT(entries("A=1||||B=x\ny|") == (Texts{"A=1", "B=x\ny"}));
  EXPECT(entries("||||") == Texts{});
  EXPECT(entries("A=\xff") == (Texts{"A=\xff"}));
}

TEST("two megabytes of arguments are as many arguments") {
  std::string text;
  for (int i = 0; i < 200'000; i++) text += "argument" + std::string(1 + i % 2, '\0');
  EXPECT_EQ(texts_of(text, put_arguments).size(), 300'000);
}
