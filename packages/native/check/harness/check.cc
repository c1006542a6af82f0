#include "harness/check.h"

#include <cmath>
#include <cstdio>
#include <cstring>

namespace check {
namespace {

// Zero before any constructor runs: tests of other files may register themselves before this file is initialized.
Test* first;
Test* last;

constexpr int kMaxShown = 10;  // failures of one test: a loop over thousands of texts may fail at each
constexpr size_t kMaxBytes = 2000;
int failures;
std::string* about;  // the innermost, joined with what is around it

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

Test::Test(const char* says, const char* in, void (*does)()) : sentence(says), file(in), body(does) {
  (first == nullptr ? first : last->next) = this;
  last = this;
}

About::About(std::string what) {
  if (about == nullptr) about = new std::string;
  *about += (about->empty() ? "" : "\x1f") + what;
}

About::~About() {
  const size_t outer = about->rfind('\x1f');
  about->resize(outer == std::string::npos ? 0 : outer);
  if (!about->empty()) return;
  delete about;
  about = nullptr;
}

void fail(const char* file, int line, const std::string& what) {
  if (++failures > kMaxShown) return;
  std::printf("\n    %s:%d: %s", std::string(base_name(file)).c_str(), line, what.c_str());
  if (about == nullptr) return;
  std::string in = *about;
  for (char& c : in) c = c == '\x1f' ? ',' : c;
  std::printf("\n        about   %s", in.c_str());
}

bool failing() { return failures > 0; }

std::string shown(std::string_view bytes) {
  std::string out = "\"";
  for (const char c : bytes.substr(0, kMaxBytes)) {
    char escaped[8];
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') std::snprintf(escaped, sizeof escaped, "\\n");
    else if (c == '\t') std::snprintf(escaped, sizeof escaped, "\\t");
    else if (c == '\\' || c == '"') std::snprintf(escaped, sizeof escaped, "\\%c", c);
    else if (byte < 0x20 || byte > 0x7e) std::snprintf(escaped, sizeof escaped, "\\x%02x", byte);
    else std::snprintf(escaped, sizeof escaped, "%c", c);
    out += escaped;
  }
  return out + (bytes.size() > kMaxBytes ? "\" and more" : "\"");
}

std::string shown(bool value) { return value ? "true" : "false"; }

std::string shown(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.17g", value);
  return text;
}

std::string shown(Number value) {
  char text[60];
  if (value.negative) std::snprintf(text, sizeof text, "%lld", static_cast<long long>(value.bits));
  else std::snprintf(text, sizeof text, "%llu (0x%llx)", static_cast<unsigned long long>(value.bits),
                     static_cast<unsigned long long>(value.bits));
  return text;
}

int run_all(const char* filter) {
  int failed = 0;
  for (const Test* test = first; test != nullptr; test = test->next) {
    if (filter != nullptr && std::strstr(test->sentence, filter) == nullptr) continue;
    const std::string_view file = base_name(test->file);
    const std::string name = std::string(file.substr(0, file.rfind('.'))) + ": " + test->sentence;
    // Printed before the test runs, so that a crash has its name.
    std::printf("%s", name.c_str());
    std::fflush(stdout);
    failures = 0;
    test->body();
    if (failures > kMaxShown) std::printf("\n    and %d more", failures - kMaxShown);
    if (failures > 0) std::printf("\n%s", name.c_str());
    std::printf(failures > 0 ? " ... FAILED\n" : " ... ok\n");
    std::fflush(stdout);
    failed += failures > 0;
  }
  return failed;
}

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

}  // namespace check
