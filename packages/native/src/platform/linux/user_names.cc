#include "platform/linux/user_names.h"

#include <pwd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

#include "platform/shared/clock.h"

namespace psutil {
namespace {

constexpr double kSeconds = 60;
constexpr size_t kMostKnown = 16 * 1024;
constexpr size_t kFirstBuffer = 1024;
constexpr size_t kMostBuffer = 1024 * 1024;

}  // namespace

std::string_view number_of_user(uint32_t uid, char (&digits)[16]) {
  const std::to_chars_result end = std::to_chars(digits, digits + sizeof digits, uid);
  return {digits, static_cast<size_t>(end.ptr - digits)};
}

void UserNames::forget_old() {
  const double now = monotonic_ms() / 1000;
  if (known_.size() > 0 && known_.size() < kMostKnown && now - since_ < kSeconds) return;
  known_.clear();
  names_.clear();
  since_ = now;
}

std::string_view UserNames::name_of(uint32_t uid) {
  forget_old();
  const auto find = [&] {
    return std::lower_bound(known_.data(), known_.data() + known_.size(), uid,
                            [](const Known& known, uint32_t wanted) { return known.uid < wanted; });
  };
  const Known* found = find();
  if (found == known_.data() + known_.size() || found->uid != uid) {
    if (!ask(uid)) return {};
    found = find();
  }
  return {names_.data() + found->name, found->length};
}

// Returns false if memory has run out.
bool UserNames::ask(uint32_t uid) {
  passwd entry;
  passwd* result = nullptr;
  int error = ERANGE;
  for (size_t room = kFirstBuffer; error == ERANGE && room <= kMostBuffer; room *= 2) {
    if (!buffer_.reserve(room)) return false;
    do {
      error = getpwuid_r(uid, &entry, buffer_.data(), buffer_.capacity(), &result);
    } while (error == EINTR);
  }
  char digits[16];
  const bool has_name = error == 0 && result != nullptr && entry.pw_name != nullptr && *entry.pw_name != '\0';
  const std::string_view name = has_name ? std::string_view(entry.pw_name) : number_of_user(uid, digits);
  const Known added = {uid, names_.size(), name.size()};
  if (!names_.append(name.data(), name.size()) || !known_.push(added)) return false;
  // Inserted in the order of the numbers.
  Known* at = known_.data() + known_.size() - 1;
  for (; at != known_.data() && (at - 1)->uid > uid; at--) *at = *(at - 1);
  *at = added;
  return true;
}

}  // namespace psutil
