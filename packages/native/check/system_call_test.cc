// platform/linux/system_call.h: a direct system call returns the same as one by the C library.
#include "platform/linux/system_call.h"

#include <fcntl.h>
#include <sys/resource.h>

#include "harness/check.h"

namespace {

TEST("a system call answers as it does through the C library, with all four arguments") {
  rlimit by_library = {};
  rlimit directly = {};
  EXPECT_EQ(getrlimit(RLIMIT_NOFILE, &by_library), 0);
  EXPECT_EQ(psutil::system_call(SYS_prlimit64, 0, RLIMIT_NOFILE, 0, reinterpret_cast<long>(&directly)), 0);
  EXPECT_EQ(directly.rlim_cur, by_library.rlim_cur);
  EXPECT_EQ(directly.rlim_max, by_library.rlim_max);
  EXPECT_EQ(psutil::system_call(SYS_getpid, 0), getpid());
}

TEST("a system call that the kernel refuses is -1, and errno says why") {
  errno = 0;
  EXPECT_EQ(psutil::system_call(SYS_openat, AT_FDCWD, "/proc/self/no such file", O_RDONLY), -1);
  EXPECT_EQ(errno, ENOENT);
  EXPECT_EQ(psutil::system_call(SYS_close, -1), -1);
  EXPECT_EQ(errno, EBADF);
}

TEST("a system call that succeeds leaves errno as it was") {
  errno = EDOM;
  EXPECT_EQ(psutil::system_call(SYS_getpid, 0), getpid());
  EXPECT_EQ(errno, EDOM);
}

}  // namespace
