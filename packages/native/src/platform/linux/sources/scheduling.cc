// What the scheduler returns by PID.
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "platform/linux/open_process.h"
#include "platform/shared/errno.h"

namespace psutil {

// ioprio_get(2): the class is the upper 3 bits of 16. The level is the lowest 3 bits; the bits between are hints.
Failure put_ioprio_get(OpenProcess& row) {
  constexpr int kProcess = 1;
  const long priority = syscall(SYS_ioprio_get, kProcess, row.target.pid);
  if (priority < 0) return failure_of(errno, "ioprio_get");
  struct {
    IoClass io_class;
    uint32_t level;
  } value = {static_cast<IoClass>(priority >> 13 & 7), static_cast<uint32_t>(priority & 7)};
  if (value.io_class > IoClass::kIdle) return unsupported("ioprio_get");
  if (value.io_class == IoClass::kNone || value.io_class == IoClass::kIdle) value.level = 0;
  row.put_struct(Field::ioPriority, &value);
  return {};
}

// The kernel's mask may be longer than cpu_set_t, and the kernel refuses a shorter one.
Failure put_sched_getaffinity(OpenProcess& row) {
  constexpr size_t kMostBytes = 1 << 16;
  Array<uint8_t>& mask = row.scratch.packed;
  long length = -1;
  for (size_t bytes = sizeof(cpu_set_t); length < 0; bytes *= 2) {
    if (!mask.resize(bytes)) return failure_of(ENOMEM, "malloc");
    length = syscall(SYS_sched_getaffinity, row.target.pid, bytes, mask.data());
    if (length < 0 && (errno != EINVAL || bytes >= kMostBytes)) return failure_of(errno, "sched_getaffinity");
  }
  Array<uint32_t>& cpus = row.scratch.groups;
  cpus.recycle();
  for (size_t cpu = 0; cpu < static_cast<size_t>(length) * 8; cpu++) {
    // The mask is words in the machine's byte order, so its bits are counted by words, not by bytes.
    const unsigned long word = reinterpret_cast<const unsigned long*>(mask.data())[cpu / (8 * sizeof(unsigned long))];
    if ((word >> cpu % (8 * sizeof(unsigned long)) & 1) != 0 && !cpus.push(static_cast<uint32_t>(cpu))) {
      return failure_of(ENOMEM, "malloc");
    }
  }
  row.put(Field::affinity, cpus.data(), cpus.size() * sizeof(uint32_t));
  return {};
}

}  // namespace psutil
