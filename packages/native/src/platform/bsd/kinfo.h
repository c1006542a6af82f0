// What any BSD returns about a process in one call. Each has its own struct, from which
// its kinfo.cc makes this one.
#pragma once

#include <cstring>

#include "core/failure.h"
#include "core/schema.h"
#include "platform/shared/row_builder.h"

namespace psutil {

constexpr FieldSet kKinfoFields = bit(Field::name) | bit(Field::ppid) | bit(Field::state) | bit(Field::uids) |
                                   bit(Field::gids) | bit(Field::groups) | bit(Field::sigmasks) | bit(Field::pgid) |
                                   bit(Field::sid) | bit(Field::threads) | bit(Field::startTime);
constexpr uint32_t kKinfoSignalSets = 1u << SignalSets::kPending | 1u << SignalSets::kBlocked |
                                      1u << SignalSets::kIgnored | 1u << SignalSets::kCaught;

struct Kinfo {
  static constexpr size_t kMaxGroups = 16;
  static constexpr size_t kMaxName = 32;

  FieldSet present = 0;  // the values of other fields mean nothing
  int32_t pid = 0;
  int32_t ppid = 0;
  int32_t pgid = 0;
  int32_t sid = 0;
  int32_t threads = 0;
  State state = State::kRunning;
  uint32_t uids[3] = {};  // real, effective, saved
  uint32_t gids[3] = {};
  uint32_t group_count = 0;
  uint32_t groups[kMaxGroups] = {};
  uint32_t name_length = 0;
  char name[kMaxName] = {};
  SignalSets sigmasks = {};
  int64_t began = 0;  // microseconds since the epoch

  bool is_zombie() const { return state == State::kZombie; }
  bool has(Field field) const { return (present & bit(field)) != 0; }

  template <size_t size>
  void set_name(const char (&from)[size]) {
    static_assert(size <= kMaxName, "a name is not cut");
    name_length = static_cast<uint32_t>(strnlen(from, size));
    std::memcpy(name, from, name_length);
    present |= bit(Field::name);
  }

  // A list that does not fit is left out: a part of it would be wrong.
  void set_groups(const uint32_t (&from)[kMaxGroups], int count) {
    if (count < 0 || static_cast<size_t>(count) > kMaxGroups) return;
    group_count = static_cast<uint32_t>(count);
    std::memcpy(groups, from, sizeof groups);
    present |= bit(Field::groups);
  }

  template <typename Raw>
  void set_signals(SignalSets::Set set, const Raw& raw) {
    static_assert(sizeof raw <= sizeof sigmasks.sets[set], "128 signals at most");
    std::memcpy(sigmasks.sets[set], &raw, sizeof raw);
  }
};

// Puts the fields that are present.
void put_kinfo(const Kinfo& info, int64_t boot, RowBuilder& row);

// Fails the requested fields that are still missing, each with the reason for it.
void fail_absent(const Kinfo& info, RowBuilder& row);

}  // namespace psutil
