// What each BSD answers for itself, in the files of its folder: all else of its backend is shared.
#pragma once

#include "core/array.h"
#include "platform/bsd/kinfo.h"
#include "platform/backend.h"

namespace psutil {

// Of what reads are counted, in the order of each system's Capabilities::sources.
enum class Source : uint8_t { kPid, kProcessTable, kRlimits, kUmask, kGroups };

// Whether the kernel finds a PID by walking over every process: so many PIDs are better read with all others.
extern const bool kPidLookupIsLinear;

// Fields that take a call each, if the kinfo does not have them.
extern const FieldSet kPerProcessFields;

// `fields` are those that will be asked of it, where some cost more.
Failure read_kinfo(int32_t pid, FieldSet fields, Kinfo& info);

// Appends every process, zombies among them. `bytes` is room to work in.
Failure read_process_table(FieldSet fields, Array<char>& bytes, Array<Kinfo>& processes);

// What the system adds to a start, in microseconds since the epoch: 0, or the time when it began, which moves
// when the clock is set.
Failure read_boot_time(int64_t& boot);

// When a process began, in microseconds and without the part that changes when the clock is set.
inline double start_of(const Kinfo& info, int64_t boot) { return static_cast<double>(info.began) - static_cast<double>(boot); }

// How many microseconds off the same start may be after the clock was set.
extern const double kStartTolerance;

// Puts one of kPerProcessFields, or says why it cannot be.
Failure read_by_call(Field field, int32_t pid, Array<char>& bytes, RowBuilder& row);

// Sets one limit; `before` is what stood there.
Failure exchange_rlimit(int32_t pid, int32_t resource, const Limit& limit, Limit& before);

}  // namespace psutil
