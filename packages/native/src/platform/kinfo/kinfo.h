// What one call returns about a process. Each system has its own struct, from which its process_struct.cc makes this one.
#pragma once

#include "core/failure.h"
#include "core/schema.h"
#include "platform/shared/row_builder.h"

namespace psutil {

// All fields that a Kinfo has a place for. A system's struct may have fewer.
constexpr FieldSet kKinfoFields = bit(Field::name) | bit(Field::ppid) | bit(Field::state) | bit(Field::uids) |
                                  bit(Field::gids) | bit(Field::groups) | bit(Field::sigmasks) | bit(Field::pgid) |
                                  bit(Field::sid) | bit(Field::threads) | bit(Field::startTime);

struct Kinfo {
  static constexpr size_t kMaxGroups = 16;
  static constexpr size_t kMaxName = 32;

  FieldSet present = 0;  // the values of other fields mean nothing
  FieldSet failed = 0;   // fields that the system refused, for the reason in `failure`
  Failure failure;
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
  int64_t began = 0;        // microseconds since the epoch
  int32_t exit_status = 0;  // of a zombie, as wait(2) encodes it
  bool is_ending = false;   // some calls already find no such process
  bool is_stale = false;    // it changed while every process was read: only a new read has one moment's values

  bool is_zombie() const { return state == State::kZombie; }
  bool has(Field field) const { return (present & bit(field)) != 0; }

  void set_state(State now) {
    state = now;
    present |= bit(Field::state);
  }
  void fail(Field field, const Failure& reason) {
    failed |= bit(field);
    failure = reason;
  }
  // The system does not know this set of this process.
  void forget_signals(SignalSets::Set set) {
    sigmasks.known &= ~(uint64_t{1} << set);
    for (uint64_t& word : sigmasks.sets[set]) word = 0;
  }
};

// When a process began, in microseconds. Without the boot time it stays the same when the clock is set.
inline double start_of(const Kinfo& info, int64_t boot) { return static_cast<double>(info.began) - static_cast<double>(boot); }

// Puts the fields that are present, and fails those that have failed.
void put_kinfo(const Kinfo& info, int64_t boot, RowBuilder& row);

// Fails those of these fields that are not present, each with the reason for it.
void fail_absent(const Kinfo& info, FieldSet fields, RowBuilder& row);

}  // namespace psutil
