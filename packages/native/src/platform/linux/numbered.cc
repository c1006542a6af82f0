#include "platform/linux/numbered.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "platform/shared/errno.h"
#include "platform/shared/pid_path.h"

namespace psutil {
namespace {

// struct linux_dirent64, of which the kernel's headers have no C++ version.
struct Entry {
  uint64_t inode;
  int64_t next;  // the position in the directory after this entry
  uint16_t length;
  uint8_t type;
  char name[1];
};
constexpr size_t kNameOffset = 19;
constexpr size_t kEntrySize = 32;  // of a PID of five to seven digits
constexpr size_t kMinBytes = 1024;

size_t bytes_for(size_t entries, size_t max) { return std::clamp(entries < max ? entries * kEntrySize : max, kMinBytes, max); }

}  // namespace

NumberedEntries::NumberedEntries(int at, const char* path, int64_t cursor, size_t max, int32_t min)
    : directory_(open_at(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)),
      cursor_(cursor),
      wanted_(bytes_for(max, kMaxBytes)),
      min_(min) {
  if (directory_.get() < 0) {
    failure_ = failure_of(errno, "open");
  } else if (cursor > 0 && lseek(directory_.get(), cursor, SEEK_SET) < 0) {
    failure_ = failure_of(errno, "lseek");
  }
}

bool NumberedEntries::next(int32_t& number) {
  for (;;) {
    while (at_ < length_) {
      const auto* entry = reinterpret_cast<const Entry*>(bytes_ + at_);
      number = pid_of_name(bytes_ + at_ + kNameOffset);
      cursor_ = entry->next;
      at_ += entry->length;
      if (entry->type == DT_DIR) directories_++;
      if (number >= min_) return true;
    }
    if (!fill()) return false;
  }
}

size_t NumberedEntries::peek(int32_t* numbers, size_t max) const {
  size_t count = 0;
  for (long at = at_; at < length_ && count < max;) {
    const auto* entry = reinterpret_cast<const Entry*>(bytes_ + at);
    numbers[count] = pid_of_name(bytes_ + at + kNameOffset);
    at += entry->length;
    if (numbers[count] >= min_) count++;
  }
  return count;
}

bool NumberedEntries::fill() {
  if (!failure_.ok()) return false;
  do {
    length_ = syscall(SYS_getdents64, directory_.get(), bytes_, wanted_);
  } while (length_ < 0 && errno == EINTR);
  at_ = 0;
  if (length_ < 0) failure_ = failure_of(errno, "getdents64");
  if (length_ == 0) cursor_ = -1;
  return length_ > 0;
}

}  // namespace psutil
