// platform/shared/errno.h: from an errno to a Failure.
#include "platform/shared/errno.h"

#include <cerrno>

#include "harness/check.h"

using namespace psutil;
using Kind = Failure::Kind;

TEST("an errno decides what kind of failure it is") {
  const struct {
    int number;
    Kind kind;
    const char* code;
  } kinds[] = {{ESRCH, Kind::kGone, "ESRCH"},          {EPERM, Kind::kDenied, "EPERM"},
               {EACCES, Kind::kDenied, "EACCES"},      {ENOSYS, Kind::kUnsupported, "ENOSYS"},
               {ENOTSUP, Kind::kUnsupported, "ENOTSUP"}, {EMFILE, Kind::kSystem, "EMFILE"},
               {ENOENT, Kind::kSystem, "ENOENT"},      {EIO, Kind::kSystem, "EIO"}};
  for (const auto& wanted : kinds) {
    check::About about(wanted.code);
    const Failure failure = failure_of(wanted.number, "open");
    EXPECT_EQ(failure.kind, wanted.kind);
    EXPECT_EQ(failure.number, wanted.number);
    EXPECT_EQ(failure.code, wanted.code);
    EXPECT_EQ(failure.syscall, "open");
    EXPECT(!failure.ok());
  }
}

TEST("every errno of files and processes has its name") {
  const struct {
    int number;
    const char* name;
  } names[] = {{EINTR, "EINTR"},   {ENXIO, "ENXIO"},     {E2BIG, "E2BIG"},   {EBADF, "EBADF"},
               {EAGAIN, "EAGAIN"}, {ENOMEM, "ENOMEM"},   {EFAULT, "EFAULT"}, {EBUSY, "EBUSY"},
               {EEXIST, "EEXIST"}, {ENODEV, "ENODEV"},   {EINVAL, "EINVAL"}, {ENOTDIR, "ENOTDIR"},
               {EISDIR, "EISDIR"}, {ENFILE, "ENFILE"},   {EFBIG, "EFBIG"},   {ENOSPC, "ENOSPC"},
               {ESPIPE, "ESPIPE"}, {EROFS, "EROFS"},     {ERANGE, "ERANGE"}, {ENAMETOOLONG, "ENAMETOOLONG"},
               {ELOOP, "ELOOP"},   {ESTALE, "ESTALE"},   {ENOTCONN, "ENOTCONN"}, {EOVERFLOW, "EOVERFLOW"},
               {ETIMEDOUT, "ETIMEDOUT"}, {ECANCELED, "ECANCELED"},
               {ETXTBSY, "ETXTBSY"}, {EDQUOT, "EDQUOT"}, {EXDEV, "EXDEV"},   {ENOTTY, "ENOTTY"},
               {EPIPE, "EPIPE"},   {EDEADLK, "EDEADLK"}, {ENOLCK, "ENOLCK"}, {EPROTO, "EPROTO"},
               {EBADMSG, "EBADMSG"}, {EILSEQ, "EILSEQ"}, {EREMOTEIO, "EREMOTEIO"}, {ECONNREFUSED, "ECONNREFUSED"},
               {ECONNRESET, "ECONNRESET"}, {ECONNABORTED, "ECONNABORTED"}, {EHOSTDOWN, "EHOSTDOWN"},
               {EHOSTUNREACH, "EHOSTUNREACH"},
               {ENOBUFS, "ENOBUFS"}, {EADDRINUSE, "EADDRINUSE"}, {EAFNOSUPPORT, "EAFNOSUPPORT"},
               {EPROTONOSUPPORT, "EPROTONOSUPPORT"}};
  for (const auto& wanted : names) EXPECT_EQ(errno_name(wanted.number), wanted.name);
}

TEST("a number without a name is unknown, and the number is kept") {
  const Failure failure = failure_of(4711, "open");
  EXPECT_EQ(failure.code, "UNKNOWN");
  EXPECT_EQ(failure.number, 4711);
  EXPECT_EQ(failure.kind, Kind::kSystem);
}

TEST("gone and unsupported are failures of their kind without a call to have failed so") {
  EXPECT_EQ(gone("read").kind, Kind::kGone);
  EXPECT_EQ(gone("read").number, ESRCH);
  EXPECT_EQ(gone("read").code, "ESRCH");
  EXPECT_EQ(gone("read").syscall, "read");
  EXPECT_EQ(unsupported("read").kind, Kind::kUnsupported);
  EXPECT_EQ(unsupported("read").code, "ENOTSUP");
}

TEST("no failure is ok") { EXPECT(Failure().ok()); }
