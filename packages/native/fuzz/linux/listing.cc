// list_pids() over a directory with any names, in reads of any size, with signals between. It must find the PIDs that a slow
// reading of the names finds. The input is the names, each followed by an end of line.
#include "platform/linux/pid_directory.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "harness.h"

using namespace psutil;

namespace {

// The layout of an entry is that of filldir64() in the kernel's fs/readdir.c.
constexpr size_t kNameOffset = 19;
constexpr size_t kMaxName = 255;

struct Directory {
  std::vector<std::string> names;
  size_t next = 0;
  uint64_t random = 0;
  bool interrupted = false;
};

// The listing of the call below; null while none runs.
Directory* directory;

long answer(Directory& from, char* to, size_t available) {
  from.random = from.random * 6364136223846793005 + 1442695040888963407;
  from.interrupted = !from.interrupted && from.random >> 60 == 0;
  if (from.interrupted) {
    errno = EINTR;
    return -1;
  }
  size_t max = 1 + (from.random >> 32) % 64;
  size_t at = 0;
  for (; from.next < from.names.size() && max > 0; from.next++, max--) {
    const std::string& name = from.names[from.next];
    const size_t length = (kNameOffset + name.size() + 1 + 7) / 8 * 8;
    if (at + length > available) break;
    const auto position = static_cast<int64_t>(from.next) + 1;
    const auto record = static_cast<uint16_t>(length);
    std::memset(to + at, 0xa5, length);
    std::memcpy(to + at + 8, &position, sizeof position);
    std::memcpy(to + at + 16, &record, sizeof record);
    std::memcpy(to + at + kNameOffset, name.c_str(), name.size() + 1);
    at += length;
  }
  return static_cast<long>(at);
}

// A PID is a name that is exactly how a positive number of 31 bits is written.
std::vector<int32_t> plain_pids(const std::vector<std::string>& names) {
  std::vector<int32_t> pids;
  for (const std::string& name : names) {
    errno = 0;
    const long long number = std::strtoll(name.c_str(), nullptr, 10);
    if (errno == 0 && number > 0 && number <= INT32_MAX && std::to_string(number) == name.c_str()) {
      pids.push_back(static_cast<int32_t>(number));
    }
  }
  return pids;
}

std::vector<std::string> names_of(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    // A name ends at a null byte. The kernel has no empty name, and none with a slash.
    std::string name(text.substr(0, end).substr(0, kMaxName));
    name = name.c_str();
    std::replace(name.begin(), name.end(), '/', '|');
    if (!name.empty()) names.push_back(name);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return names;
}

}  // namespace

extern "C" long __real_syscall(long number, long a, long b, long c, long d, long e);

// Replaces the C library's function, see build.mjs. No call here has more arguments.
extern "C" long __wrap_syscall(long number, long a, long b, long c, long d, long e) {
  if (number != SYS_getdents64 || directory == nullptr) return __real_syscall(number, a, b, c, d, e);
  return answer(*directory, reinterpret_cast<char*>(b), static_cast<size_t>(c));
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  static ProcRoot root("/proc/.");
  EXPECT(root.open().ok());
  Directory listed;
  listed.names = names_of(input);
  listed.random = fuzz::choice(input, 1);
  directory = &listed;
  Array<int32_t> pids;
  int64_t cursor = 0;
  EXPECT(list_pids(root, cursor, fuzz::choice(input, 2) % 100 + 1, nullptr, pids).ok());
  directory = nullptr;
  EXPECT_EQ(cursor, -1);
  const std::vector<int32_t> wanted = plain_pids(listed.names);
  EXPECT(std::equal(wanted.begin(), wanted.end(), pids.data(), pids.data() + pids.size()));
  fuzz::stop_if_failing(input);
  return 0;
}
