#include "harness/plain_stat.h"

#include <sys/resource.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/check.h"

namespace check {
namespace {

using psutil::kResources;
using psutil::Limit;
using psutil::StatText;

std::vector<std::string> split(const std::string& text, const char* separators) {
  std::vector<std::string> words;
  for (size_t at = 0; (at = text.find_first_not_of(separators, at)) != std::string::npos;) {
    const size_t end = text.find_first_of(separators, at);
    words.push_back(text.substr(at, end - at));
    at = end;
    if (end == std::string::npos) break;
  }
  return words;
}

std::optional<uint64_t> number(std::string word) {
  if (word.empty() || word.find_first_not_of("0123456789") != std::string::npos) return {};
  word.erase(0, std::min(word.find_first_not_of('0'), word.size() - 1));
  constexpr char kMost[] = "18446744073709551615";
  if (word.size() > 20 || (word.size() == 20 && word > kMost)) return {};
  return std::strtoull(word.c_str(), nullptr, 10);
}

// The number of a field; a negative one is in two's complement.
std::optional<uint64_t> bits_of(psutil::Field field, const std::string& word) {
  const bool negative = !word.empty() && word.front() == '-';
  const auto value = number(negative ? word.substr(1) : word);
  if (!value) return {};
  switch (psutil::row_of(field).integer) {
    case psutil::Integer::kI32:
      if (*value > INT32_MAX) return {};
      break;
    case psutil::Integer::kI64:
      if (*value > INT64_MAX) return {};
      break;
    case psutil::Integer::kU32:
      if (negative || *value > UINT32_MAX) return {};
      break;
    default:
      if (negative) return {};
  }
  return negative ? 0 - *value : *value;
}

}  // namespace

bool plain_stat(std::string_view text, StatText& out) {
  const size_t open = text.find('(');
  const size_t close = text.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return false;
  out.name = text.substr(open + 1, close - open - 1);
  // One blank stands before each word. The last one may be cut off.
  std::vector<std::string> words;
  const std::string line(text.substr(close + 1));
  if (line.empty() || line.front() != ' ') return false;
  for (size_t at = 1; at < line.size();) {
    const size_t end = line.find(' ', at);
    if (end == std::string::npos) break;
    words.push_back(line.substr(at, end - at));
    at = end + 1;
  }
  // Field 3 is the first, 22 the start time.
  if (words.size() <= 22 - 3 || words[0].size() != 1) return false;
  for (const auto& [place, field] : psutil::kStatNumbers) {
    // What is behind it is read for fields that are wanted.
    if (place > 22) continue;
    const auto bits = bits_of(field, words[static_cast<size_t>(place - 3)]);
    if (!bits) return false;
    out.numbers.set(field, *bits);
  }
  const auto start = number(words[22 - 3]);
  if (!start) return false;
  out.state = words[0].front();
  out.start = *start;
  return true;
}

bool plain_limits(std::string_view text, Limit (&limits)[kResources]) {
  static const std::map<std::string, int> kNames = {
      {"Max cpu time", RLIMIT_CPU},           {"Max file size", RLIMIT_FSIZE},
      {"Max data size", RLIMIT_DATA},         {"Max stack size", RLIMIT_STACK},
      {"Max core file size", RLIMIT_CORE},    {"Max resident set", RLIMIT_RSS},
      {"Max processes", RLIMIT_NPROC},        {"Max open files", RLIMIT_NOFILE},
      {"Max locked memory", RLIMIT_MEMLOCK},  {"Max address space", RLIMIT_AS},
      {"Max file locks", RLIMIT_LOCKS},       {"Max pending signals", RLIMIT_SIGPENDING},
      {"Max msgqueue size", RLIMIT_MSGQUEUE}, {"Max nice priority", RLIMIT_NICE},
      {"Max realtime priority", RLIMIT_RTPRIO}, {"Max realtime timeout", RLIMIT_RTTIME},
  };
  std::map<int, Limit> found;
  const std::string whole(text.substr(0, text.rfind('\n') == std::string_view::npos ? 0 : text.rfind('\n')));
  for (const std::string& line : split(whole, "\n")) {
    for (const auto& [name, resource] : kNames) {
      if (line.compare(0, name.size() + 1, name + ' ') != 0) continue;
      const std::vector<std::string> words = split(line.substr(name.size()), " \t");
      if (words.size() < 2) return false;
      uint64_t values[2];
      for (size_t i = 0; i < 2; i++) {
        const auto value = number(words[i]);
        if (words[i] != "unlimited" && !value) return false;
        values[i] = value.value_or(~uint64_t{0});
      }
      found[resource] = {values[0], values[1]};
    }
  }
  for (const auto& [resource, limit] : found) limits[resource] = limit;
  return found.size() == kResources;
}

void expect_same_stat(std::string_view text, const char* file, int line) {
  StatText got;
  StatText wanted;
  const bool present = parse_stat(text, got);
  expect_equal(file, line, "parse_stat()", present, plain_stat(text, wanted));
  if (!present || failing()) return;
  expect_equal(file, line, "name", got.name, wanted.name);
  expect_equal(file, line, "state", got.state, wanted.state);
  for (const auto& [place, field] : psutil::kStatNumbers) {
    // What is behind it is read for fields that are wanted.
    if (place > 22) continue;
    expect_equal(file, line, psutil::row_of(field).name, got.numbers.bits(field), wanted.numbers.bits(field));
  }
  expect_equal(file, line, "start", got.start, wanted.start);
}

void expect_same_limits(std::string_view text, const char* file, int line) {
  Limit got[kResources] = {};
  Limit wanted[kResources] = {};
  const bool present = parse_limits(text, got);
  expect_equal(file, line, "parse_limits()", present, plain_limits(text, wanted));
  for (size_t i = 0; present && i < kResources; i++) {
    expect_equal(file, line, "soft", got[i].soft, wanted[i].soft);
    expect_equal(file, line, "hard", got[i].hard, wanted[i].hard);
  }
}

}  // namespace check
