#include "platform/linux/lines.h"

#include <cerrno>
#include <cstring>

#include "platform/shared/errno.h"

namespace psutil {
namespace {

constexpr size_t kRoom = 64 * 1024;
// Longer than any line with a path, even if the kernel writes each byte of it as four.
constexpr size_t kMostLine = 1024 * 1024;

}  // namespace

Lines::Lines(ProcRoot& root, int directory, const char* path, Array<char>& buffer)
    : buffer_(buffer), file_(root.open_file(directory, path)) {
  buffer_.recycle();
  if (file_.get() < 0) failure_ = failure_of(errno, "open");
  else if (!buffer_.reserve(kRoom)) failure_ = failure_of(ENOMEM, "malloc");
}

bool Lines::next(std::string_view& line) {
  size_t searched = at_;
  while (failure_.ok()) {
    const char* const from = buffer_.data() + searched;
    const size_t left = buffer_.size() - searched;
    const void* const end = left == 0 ? nullptr : std::memchr(from, '\n', left);
    if (end != nullptr) {
      const auto length = static_cast<size_t>(static_cast<const char*>(end) - (buffer_.data() + at_));
      line = {buffer_.data() + at_, length};
      at_ += length + 1;
      return true;
    }
    searched = buffer_.size() - at_;
    if (!fill()) return false;
  }
  return false;
}

// Appends to the rest of the line that has begun.
bool Lines::fill() {
  const size_t left = buffer_.size() - at_;
  if (left > 0) std::memmove(buffer_.data(), buffer_.data() + at_, left);
  buffer_.resize(left);
  at_ = 0;
  if (left > kMostLine) failure_ = failure_of(EFBIG, "read");
  else if (left == buffer_.capacity() && !buffer_.reserve(left * 2)) failure_ = failure_of(ENOMEM, "realloc");
  if (!failure_.ok()) return false;
  const ssize_t got = read_some(file_.get(), buffer_.data() + left, buffer_.capacity() - left);
  if (got < 0) failure_ = failure_of(errno, "read");
  if (got <= 0) return false;
  buffer_.resize(left + static_cast<size_t>(got));
  return true;
}

}  // namespace psutil
