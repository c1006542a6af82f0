// Where the values of a process stand in a system's own struct: a table with a row for each value.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include "platform/kinfo/kinfo.h"

namespace psutil {

enum class Value : uint8_t {
  kPid,
  kPpid,
  kPgid,
  kSid,
  kThreads,
  kRealUid,
  kUid,
  kSavedUid,
  kRealGid,
  kGid,
  kFirstGroup,  // the effective gid, where it is the first of the groups
  kSavedGid,
  kGroupCount,
  kGroups,
  kName,
  kPending,
  kBlocked,
  kIgnored,
  kCaught,
  kStartSeconds,
  kStartMicroseconds,
  kExitStatus,
};

struct Member {
  Value value;
  size_t offset;
  size_t size;
  bool is_signed;
};

// How a member becomes a value of a Kinfo. A number of any width becomes one of 32 bits, and bytes are copied.
enum class Conversion : uint8_t { kNumber, kBytes, kText, kGroupCount, kSeconds, kMicroseconds };

// A value's field, and where it stands in a Kinfo, with so many bytes.
struct Place {
  FieldSet field;
  Conversion conversion;
  size_t offset;
  size_t size;
};

#define PSUTIL_PLACE(path) offsetof(Kinfo, path), sizeof(std::declval<const Kinfo&>().path)

// By Value.
constexpr Place kPlaces[] = {
    {0, Conversion::kNumber, PSUTIL_PLACE(pid)},
    {bit(Field::ppid), Conversion::kNumber, PSUTIL_PLACE(ppid)},
    {bit(Field::pgid), Conversion::kNumber, PSUTIL_PLACE(pgid)},
    {bit(Field::sid), Conversion::kNumber, PSUTIL_PLACE(sid)},
    {bit(Field::threads), Conversion::kNumber, PSUTIL_PLACE(threads)},
    {bit(Field::uids), Conversion::kNumber, PSUTIL_PLACE(uids[0])},
    {bit(Field::uids), Conversion::kNumber, PSUTIL_PLACE(uids[1])},
    {bit(Field::uids), Conversion::kNumber, PSUTIL_PLACE(uids[2])},
    {bit(Field::gids), Conversion::kNumber, PSUTIL_PLACE(gids[0])},
    {bit(Field::gids), Conversion::kNumber, PSUTIL_PLACE(gids[1])},
    {bit(Field::gids), Conversion::kNumber, PSUTIL_PLACE(gids[1])},
    {bit(Field::gids), Conversion::kNumber, PSUTIL_PLACE(gids[2])},
    {bit(Field::groups), Conversion::kGroupCount, PSUTIL_PLACE(group_count)},
    {bit(Field::groups), Conversion::kBytes, PSUTIL_PLACE(groups)},
    {bit(Field::name), Conversion::kText, PSUTIL_PLACE(name)},
    {bit(Field::sigmasks), Conversion::kBytes, PSUTIL_PLACE(sigmasks.sets[SignalSets::kPending])},
    {bit(Field::sigmasks), Conversion::kBytes, PSUTIL_PLACE(sigmasks.sets[SignalSets::kBlocked])},
    {bit(Field::sigmasks), Conversion::kBytes, PSUTIL_PLACE(sigmasks.sets[SignalSets::kIgnored])},
    {bit(Field::sigmasks), Conversion::kBytes, PSUTIL_PLACE(sigmasks.sets[SignalSets::kCaught])},
    {bit(Field::startTime), Conversion::kSeconds, PSUTIL_PLACE(began)},
    {bit(Field::startTime), Conversion::kMicroseconds, PSUTIL_PLACE(began)},
    {0, Conversion::kNumber, PSUTIL_PLACE(exit_status)},
};
static_assert(sizeof kPlaces / sizeof kPlaces[0] == static_cast<size_t>(Value::kExitStatus) + 1, "a row for each value");

constexpr const Place& place_of(Value value) { return kPlaces[static_cast<size_t>(value)]; }

// Whether a member of this size fits into its place: a list of groups exactly, a name or a signal set also if it is shorter.
template <Value value, size_t size>
constexpr bool kFits = value == Value::kGroups                            ? size == place_of(value).size
                       : place_of(value).conversion == Conversion::kBytes ? size <= place_of(value).size
                       : place_of(value).conversion == Conversion::kText  ? size <= place_of(value).size
                                                                          : size == 8 || size == 4 || size == 2;

template <Value value, size_t offset, size_t size, bool is_signed>
struct CheckedMember {
  static_assert(kFits<value, size>, "a member fits into its place in a Kinfo");
  static constexpr Member kMember = {value, offset, size, is_signed};
};

// A row of the table: a value, and the member of the struct that has it. The member may stand in a struct within the struct.
#define PSUTIL_MEMBER(value, Struct, path)                                                              \
  CheckedMember<Value::value, offsetof(Struct, path), sizeof(std::declval<const Struct&>().path),       \
                std::is_signed_v<std::remove_reference_t<decltype((std::declval<Struct&>().path))>>>::kMember

// The fields that a struct has.
template <size_t count>
constexpr FieldSet fields_of(const Member (&members)[count]) {
  FieldSet fields = 0;
  for (const Member& member : members) fields |= place_of(member.value).field;
  return fields;
}

// The signal sets that a struct has, a bit each.
template <size_t count>
constexpr uint32_t signal_sets_of(const Member (&members)[count]) {
  uint32_t sets = 0;
  for (const Member& member : members) {
    const int set = static_cast<int>(member.value) - static_cast<int>(Value::kPending);
    if (place_of(member.value).field == bit(Field::sigmasks)) sets |= 1u << set;
  }
  return sets;
}

void decode(const Member* members, size_t count, const char* raw, Kinfo& info);

// Makes a Kinfo of a system's struct: what its table has.
template <typename Struct, size_t count>
Kinfo decode(const Member (&members)[count], const Struct& raw) {
  Kinfo info;
  info.present = fields_of(members);
  info.sigmasks.known = signal_sets_of(members);
  decode(members, count, reinterpret_cast<const char*>(&raw), info);
  return info;
}

}  // namespace psutil
