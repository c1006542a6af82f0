#include "platform/linux/credentials.h"

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace psutil {
namespace {

constexpr size_t kFirstGroups = 64;
// The kernel's NGROUPS_MAX.
constexpr size_t kMostGroups = 65536;

}  // namespace

// FNV-1a of the numbers. A system without this call has groups of 16 bits, and none is looked at.
uint64_t Credentials::groups_now() {
  long count = 0;
#ifdef SYS_getgroups
  for (size_t room = kFirstGroups; room <= kMostGroups; room *= 2) {
    if (!groups_.reserve(room)) return 0;
    count = syscall(SYS_getgroups, groups_.capacity(), groups_.data());
    if (count >= 0) break;
  }
#endif
  uint64_t hash = 0xcbf29ce484222325;
  for (long i = 0; i < count; i++) hash = (hash ^ groups_.data()[i]) * 0x100000001b3;
  return hash;
}

Credentials::Look Credentials::now() {
  Look look = {geteuid(), getegid(), {}, groups_now()};
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};
  if (syscall(SYS_capget, &header, data) == 0) {
    for (size_t i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) look.capabilities[i] = data[i].effective;
  }
  return look;
}

bool Credentials::have_changed() {
  const Look look = now();
  const bool same = look.user == last_.user && look.group == last_.group && look.groups == last_.groups &&
                    look.capabilities[0] == last_.capabilities[0] && look.capabilities[1] == last_.capabilities[1];
  last_ = look;
  return !same;
}

}  // namespace psutil
