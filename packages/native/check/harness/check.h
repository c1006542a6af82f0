// The test framework: TEST("a sentence about behaviour") { EXPECT(...); EXPECT_EQ(got, wanted); }
// An expectation that fails prints its values, and the test continues. Built without exceptions, as the addon is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace check {

struct Test {
  Test(const char* sentence, const char* file, void (*body)());
  const char* sentence;
  const char* file;
  void (*body)();
  Test* next = nullptr;
};

// The state of a loop. It is printed with every failure during its lifetime.
class About {
 public:
  explicit About(std::string what);
  ~About();
  About(const About&) = delete;
  About& operator=(const About&) = delete;
};

void fail(const char* file, int line, const std::string& what);

// Whether the running test has failed so far.
bool failing();

// Runs the tests whose sentence contains `filter`, or all. Returns how many failed.
int run_all(const char* filter);

// As printed: bytes are quoted and escaped.
std::string shown(std::string_view bytes);
std::string shown(bool value);
std::string shown(double value);

// Compares integers of any type by value, so that -1 is not 4294967295.
struct Number {
  bool negative;
  uint64_t bits;
  bool operator==(const Number& other) const { return negative == other.negative && bits == other.bits; }
};
std::string shown(Number value);

bool same(double a, double b);  // NaN is NaN
template <typename T>
bool same(const T& a, const T& b) {
  return a == b;
}

template <typename T>
auto comparable(const T& value) {
  if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, double>) {
    return value;
  } else if constexpr (std::is_enum_v<T>) {
    return comparable(static_cast<std::underlying_type_t<T>>(value));
  } else if constexpr (std::is_integral_v<T>) {
    if constexpr (std::is_signed_v<T>) return Number{value < 0, static_cast<uint64_t>(value)};
    return Number{false, static_cast<uint64_t>(value)};
  } else {
    return std::string_view(value);
  }
}

template <typename A, typename B>
void expect_equal(const char* file, int line, const char* what, const A& got, const B& wanted) {
  const auto a = comparable(got);
  const auto b = comparable(wanted);
  static_assert(std::is_same_v<decltype(a), decltype(b)>, "one kind of value on both sides");
  if (same(a, b)) return;
  fail(file, line, std::string(what) + "\n        got     " + shown(a) + "\n        wanted  " + shown(b));
}

}  // namespace check

#define CHECK_JOIN_(a, b) a##b
#define CHECK_JOIN(a, b) CHECK_JOIN_(a, b)
#define TEST(sentence)                                                                                    \
  static void CHECK_JOIN(test_, __LINE__)();                                                              \
  static ::check::Test CHECK_JOIN(entry_, __LINE__)(sentence, __FILE__, &CHECK_JOIN(test_, __LINE__));     \
  static void CHECK_JOIN(test_, __LINE__)()

#define EXPECT(condition)                                       \
  do {                                                          \
    if (!(condition)) ::check::fail(__FILE__, __LINE__, #condition); \
  } while (false)

#define EXPECT_EQ(got, wanted) ::check::expect_equal(__FILE__, __LINE__, #got, got, wanted)
