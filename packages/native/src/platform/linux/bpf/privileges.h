// What a thread may gain and lose while it runs, and what decides whether it may see every process. Looked at before
// each walk: the kernel asks once, when the program is loaded, and the iterator knows nothing of mounts.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/failure.h"
#include "core/schema.h"
#include "platform/linux/proc_root.h"

namespace psutil {

// Which capability for BPF this thread lacks, by one system call.
Failure missing_capabilities();

// Refuses where a file in /proc, as this thread's root has it and as it is mounted now, might not be there for this
// thread which BPF would report. With CAP_SYS_PTRACE no file is hidden.
Failure hidden_processes(ProcRoot& root);

// The fields that the kernel shows only to those who may look into the process.
constexpr FieldSet kOfInside = bit(Field::io) | bit(Field::namespaces);

// Those of them that only a security module may still deny to this thread, by its capabilities.
FieldSet shown_of_inside();

// Whether none does, of a process.
bool may_look_into(int32_t pid);

// What lines of mountinfo say about the file system on a device, as stat(2) numbers it.
enum class Hiding { kUnknown, kNone, kSome };
Hiding hiding_of(std::string_view lines, uint64_t device);

}  // namespace psutil
