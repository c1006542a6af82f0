// struct kinfo_proc, in which FreeBSD tells nearly all of a process, and of every one in one call:
// sys/kern/kern_proc.c, fill_kinfo_proc().
#pragma once

#include <sys/types.h>

#include <sys/param.h>
#include <sys/user.h>

#include "core/failure.h"
#include "core/field.h"
#include "platform/bsd/everyone.h"
#include "platform/posix/open_row.h"

namespace psutil {

// What it tells. Groups past KI_NGROUPS take a call of their own.
constexpr FieldMask kKinfoFields = bit(Field::name) | bit(Field::ppid) | bit(Field::state) | bit(Field::uids) |
                                   bit(Field::gids) | bit(Field::groups) | bit(Field::sigmasks) | bit(Field::pgid) |
                                   bit(Field::sid) | bit(Field::threads) | bit(Field::startTime);
constexpr uint32_t kKinfoSignalSets = 1u << SignalSets::kPending | 1u << SignalSets::kBlocked |
                                      1u << SignalSets::kIgnored | 1u << SignalSets::kCaught;

Failure read_kinfo(int32_t pid, kinfo_proc& info);

// Of every process, zombies among them.
class Everyone : public EveryoneOf<kinfo_proc> {
 public:
  Failure read();
  int32_t pid(size_t i) const { return (*this)[i].ki_pid; }
};

// When the system began, in microseconds since the epoch. Setting the clock moves it.
Failure read_boot_time(int64_t& boot);

// When a process began, in microseconds since boot. The kernel keeps it so and adds the boot time as it is
// at the moment: without it, a start stays the same whoever sets the clock.
double start_of(const kinfo_proc& info, int64_t boot);

bool is_zombie(const kinfo_proc& info);

// Whether it has more groups than fit in here.
bool has_more_groups(const kinfo_proc& info);

// Puts what it tells, groups that do not fit aside.
void put_kinfo(const kinfo_proc& info, int64_t boot, OpenRow& row);

}  // namespace psutil
