// struct kinfo_proc, in which DragonFly returns nearly all of a process, and of every process in one call:
// sys/kern/kern_kinfo.c and kern_proc.c of https://github.com/DragonFlyBSD/DragonFlyBSD.
#pragma once

#include <sys/types.h>

#include <sys/kinfo.h>

#include "core/failure.h"
#include "core/schema.h"
#include "platform/bsd/struct_table.h"
#include "platform/shared/row_builder.h"

namespace psutil {

constexpr FieldSet kKinfoFields = bit(Field::name) | bit(Field::ppid) | bit(Field::state) | bit(Field::uids) |
                                   bit(Field::gids) | bit(Field::groups) | bit(Field::sigmasks) | bit(Field::pgid) |
                                   bit(Field::sid) | bit(Field::threads) | bit(Field::startTime);
constexpr uint32_t kKinfoSignalSets = 1u << SignalSets::kPending | 1u << SignalSets::kBlocked |
                                      1u << SignalSets::kIgnored | 1u << SignalSets::kCaught;

// Knows no zombies.
Failure read_kinfo(int32_t pid, kinfo_proc& info);

// Of every process, zombies among them.
class ProcessTable : public StructTable<kinfo_proc> {
 public:
  Failure read();
  int32_t pid(size_t i) const { return (*this)[i].kp_pid; }
};

// Microseconds since the epoch, as the clock said when it began.
double start_of(const kinfo_proc& info);

// Puts the fields that it has.
void put_kinfo(const kinfo_proc& info, RowBuilder& row);

}  // namespace psutil
