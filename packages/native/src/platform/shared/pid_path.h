// The paths of processes beneath a proc root.
#pragma once

#include <cstddef>
#include <cstdint>

namespace psutil {

// "123/status", or "123" for the directory alone. Not by snprintf, which takes a tenth of the time of the open. No PID is
// below zero, and every path fits into 32 bytes.
class PidPath {
 public:
  explicit PidPath(int32_t pid) {
    char digits[12];
    size_t length = 0;
    auto rest = static_cast<uint32_t>(pid);
    do {
      digits[length++] = static_cast<char>('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
    while (length > 0) text_[length_++] = digits[--length];
    text_[length_] = '\0';
  }

  const char* directory() { return text_; }

  const char* file(const char* name) {
    size_t at = length_;
    text_[at++] = '/';
    for (; *name != '\0'; name++) text_[at++] = *name;
    text_[at] = '\0';
    return text_;
  }

 private:
  char text_[32];
  size_t length_ = 0;
};

// The PID whose directory has this name, or −1. Only PID 0 begins with a zero.
inline int32_t pid_of_name(const char* name) {
  if (name[0] == '0' && name[1] == '\0') return 0;
  if (*name < '1' || *name > '9') return -1;
  int64_t pid = 0;
  for (; *name >= '0' && *name <= '9'; name++) {
    pid = pid * 10 + (*name - '0');
    if (pid > INT32_MAX) return -1;
  }
  return *name == '\0' ? static_cast<int32_t>(pid) : -1;
}

}  // namespace psutil
