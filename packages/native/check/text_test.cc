// core/text.h: numbers as kernels print them.
#include "core/text.h"

#include "harness/check.h"
#include "harness/recorded.h"

using psutil::Scanner;

namespace {

template <typename T>
struct Read {
  bool ok;
  T value;
  std::string rest;
};

constexpr int kBefore = 77;  // the value before a read, which a refused read must not change

template <typename T>
Read<T> number(std::string_view text) {
  const check::Bytes bytes(text);
  Scanner scanner(bytes.text());
  T value = kBefore;
  const bool ok = scanner.number(value);
  std::string rest;
  for (; !scanner.done(); scanner.step()) rest += scanner.peek();
  return {ok, value, rest};
}

template <typename T, typename Wanted>
void expect_number(std::string_view text, Wanted wanted) {
  check::About about("\"" + std::string(text) + "\"");
  const auto read = number<T>(text);
  EXPECT(read.ok);
  EXPECT_EQ(read.value, wanted);
}

template <typename T>
void expect_refused(std::string_view text) {
  check::About about("\"" + std::string(text) + "\"");
  const auto read = number<T>(text);
  EXPECT(!read.ok);
  EXPECT_EQ(read.value, kBefore);
}

}  // namespace

TEST("a number is read up to the first byte that is no digit, blanks before it skipped") {
  const auto read = number<uint64_t>("\t  120kB");
  EXPECT(read.ok);
  EXPECT_EQ(read.value, 120);
  EXPECT_EQ(read.rest, "kB");
}

TEST("the largest number of each width is read, the next one refused") {
  expect_number<uint64_t>("18446744073709551615", UINT64_MAX);
  expect_refused<uint64_t>("18446744073709551616");
  expect_refused<uint64_t>("18446744073709551620");
  expect_refused<uint64_t>("99999999999999999999999");
  expect_number<uint32_t>("4294967295", UINT32_MAX);
  expect_refused<uint32_t>("4294967296");
  expect_number<int32_t>("2147483647", INT32_MAX);
  expect_refused<int32_t>("2147483648");
  expect_refused<int32_t>("18446744073709551615");
}

TEST("a number of any length is read, whatever follows it") {
  const std::string digits = "9182736450918273645";
  for (const char* behind : {"", " ", ")", "/", ":", "\xb0", "\xff 123456789", " 1234567890", "kB 1 2 3 4 5"}) {
    uint64_t wanted = 0;
    for (size_t length = 1; length <= digits.size(); length++) {
      wanted = wanted * 10 + static_cast<uint64_t>(digits[length - 1] - '0');
      const std::string text = digits.substr(0, length) + behind;
      check::About about("\"" + text + "\"");
      const auto read = number<uint64_t>(text);
      EXPECT(read.ok);
      EXPECT_EQ(read.value, wanted);
      EXPECT_EQ(read.rest, behind);
    }
  }
}

TEST("leading zeros do not count towards a width") {
  expect_number<uint64_t>("000000000000000000000000000042", 42);
  expect_number<int32_t>("-000000000000000042", -42);
}

TEST("a process id may be negative, a count may not") {
  expect_number<int32_t>("-1", -1);
  expect_number<int32_t>(" -2147483647", -INT32_MAX);
  expect_refused<uint64_t>("-1");
  expect_refused<int32_t>("-");
  expect_refused<int32_t>("- 1");
  expect_refused<int32_t>("--1");
  expect_refused<int32_t>("+1");
}

TEST("a user or group id that a kernel before 4.9 printed as signed is the id it was") {
  const auto id = [](std::string_view text) {
    const check::Bytes bytes(text);
    uint32_t value = kBefore;
    return Scanner(bytes.text()).id(value) ? value : uint32_t{kBefore};
  };
  EXPECT_EQ(id("0"), 0);
  EXPECT_EQ(id("-2"), 4294967294u);
  EXPECT_EQ(id("\t-2147483648"), 2147483648u);
  EXPECT_EQ(id("4294967295"), 4294967295u);
  EXPECT_EQ(id("-2147483649"), kBefore);
  EXPECT_EQ(id("-18446744073709551615"), kBefore);
  EXPECT_EQ(id("-"), kBefore);
  EXPECT_EQ(id("- 2"), kBefore);
  EXPECT_EQ(id("4294967296"), kBefore);
}

TEST("text without a digit is no number") {
  for (const char* text : {"", " ", "\t\t", "x1", "unlimited", "\n1", ":"}) {
    expect_refused<uint64_t>(text);
    expect_refused<uint32_t>(text);
    expect_refused<int32_t>(text);
  }
}

TEST("an umask is octal, and ends at an 8") {
  const auto octal = [](std::string_view text) {
    const check::Bytes bytes(text);
    int32_t value = kBefore;
    return Scanner(bytes.text()).octal(value) ? value : -kBefore;
  };
  EXPECT_EQ(octal("\t0022"), 022);
  EXPECT_EQ(octal("0777"), 0777);
  EXPECT_EQ(octal("0000"), 0);
  EXPECT_EQ(octal("0028"), 2);
  EXPECT_EQ(octal("17777777777"), INT32_MAX);
  EXPECT_EQ(octal("20000000000"), -kBefore);
  EXPECT_EQ(octal("8"), -kBefore);
  EXPECT_EQ(octal("-1"), -kBefore);
  EXPECT_EQ(octal(""), -kBefore);
}

TEST("a signal set has up to sixteen hexadecimal digits of either case") {
  const auto hex = [](std::string_view text) {
    const check::Bytes bytes(text);
    uint64_t value = kBefore;
    return Scanner(bytes.text()).hex(value) ? value : uint64_t{kBefore};
  };
  EXPECT_EQ(hex("\t0000000000000000"), 0);
  EXPECT_EQ(hex("ffffffffffffffff"), UINT64_MAX);
  EXPECT_EQ(hex("8000000000000A0b"), 0x8000000000000a0bu);
  EXPECT_EQ(hex("1g"), 1);
  EXPECT_EQ(hex("00000000000000000"), kBefore);
  EXPECT_EQ(hex(""), kBefore);
  EXPECT_EQ(hex("x"), kBefore);
}

TEST("columns of any width are skipped, up to the blank behind the last of them or the end") {
  const auto skipped = [](std::string_view text, int count) {
    const check::Bytes bytes(text);
    Scanner scanner(bytes.text());
    scanner.skip_columns(count);
    return std::string(scanner.rest());
  };
  const std::string columns[] = {"1", "-22", "18446744073709551615", "7654321", "87654321", "0", "(\xa0\x80\n)", "4"};
  std::string text;
  for (const std::string& column : columns) text += " " + column;
  std::string rest = text;
  for (int count = 0; count <= 8; count++) {
    check::About about(std::to_string(count) + " columns");
    EXPECT_EQ(skipped(text, count), rest);
    const size_t next = rest.find(' ', 1);
    rest = next == std::string::npos ? "" : rest.substr(next);
  }
  EXPECT_EQ(skipped(text, 9), "");
  EXPECT_EQ(skipped("", 1), "");
}

TEST("a word ends at a blank, a line end or the end of the text") {
  const check::Bytes bytes("  unlimited\t20 x\ny");
  Scanner scanner(bytes.text());
  EXPECT_EQ(scanner.word(), "unlimited");
  EXPECT_EQ(scanner.word(), "20");
  EXPECT_EQ(scanner.word(), "x");
  EXPECT_EQ(scanner.word(), "");
  EXPECT_EQ(scanner.word(), "");
  EXPECT_EQ(scanner.peek(), '\n');
  scanner.step();
  EXPECT_EQ(scanner.word(), "y");
}

TEST("at the end of a text there is nothing to see and no step to take") {
  const check::Bytes bytes("");
  Scanner scanner(bytes.text());
  EXPECT(scanner.done());
  EXPECT_EQ(scanner.peek(), '\0');
  scanner.step();
  scanner.skip_blanks();
  EXPECT_EQ(scanner.word(), "");
  EXPECT(scanner.done());
}
