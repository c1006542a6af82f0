#include "platform/kinfo/members.h"

#include <cstring>

#include "platform/shared/microseconds.h"

namespace psutil {
namespace {

template <typename Number>
int64_t load(const char* at) {
  Number number;
  std::memcpy(&number, at, sizeof number);
  return static_cast<int64_t>(number);
}

int64_t number_of(const Member& member, const char* at) {
  if (member.size == sizeof(int64_t)) return load<int64_t>(at);
  if (member.size == sizeof(int16_t)) return member.is_signed ? load<int16_t>(at) : load<uint16_t>(at);
  return member.is_signed ? load<int32_t>(at) : load<uint32_t>(at);
}

}  // namespace

void decode(const Member* members, size_t count, const char* raw, Kinfo& info) {
  bool needs_group = false;
  int64_t group_count = 0;
  int64_t seconds = 0;
  int64_t microseconds = 0;
  for (size_t i = 0; i < count; i++) {
    const Member& member = members[i];
    const char* from = raw + member.offset;
    char* to = reinterpret_cast<char*>(&info) + place_of(member.value).offset;
    needs_group |= member.value == Value::kFirstGroup;
    switch (place_of(member.value).conversion) {
      case Conversion::kNumber: {
        const auto number = static_cast<uint32_t>(number_of(member, from));
        std::memcpy(to, &number, sizeof number);
        break;
      }
      case Conversion::kBytes:
        std::memcpy(to, from, member.size);
        break;
      case Conversion::kText:
        info.name_length = static_cast<uint32_t>(strnlen(from, member.size));
        std::memcpy(to, from, info.name_length);
        break;
      case Conversion::kGroupCount:
        group_count = number_of(member, from);
        break;
      case Conversion::kSeconds:
        seconds = number_of(member, from);
        break;
      case Conversion::kMicroseconds:
        microseconds = number_of(member, from);
        break;
    }
  }
  info.began = microseconds_of(seconds, microseconds);
  // A list that does not fit is left out: a part of it would be wrong.
  const bool fits = group_count >= 0 && static_cast<size_t>(group_count) <= Kinfo::kMaxGroups;
  info.group_count = fits ? static_cast<uint32_t>(group_count) : 0;
  if (!fits) info.present &= ~bit(Field::groups);
  if (needs_group && info.group_count == 0) info.present &= ~bit(Field::gids);
}

}  // namespace psutil
