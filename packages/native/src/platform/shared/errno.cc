#include "platform/shared/errno.h"

#include <cerrno>

namespace psutil {

const char* errno_name(int number) {
  switch (number) {
#define PSUTIL_NAME(name) \
  case name:              \
    return #name;
    PSUTIL_NAME(EPERM)
    PSUTIL_NAME(ENOENT)
    PSUTIL_NAME(ESRCH)
    PSUTIL_NAME(EINTR)
    PSUTIL_NAME(EIO)
    PSUTIL_NAME(ENXIO)
    PSUTIL_NAME(E2BIG)
    PSUTIL_NAME(EBADF)
    PSUTIL_NAME(EAGAIN)
    PSUTIL_NAME(ENOMEM)
    PSUTIL_NAME(EACCES)
    PSUTIL_NAME(EFAULT)
    PSUTIL_NAME(EBUSY)
    PSUTIL_NAME(EEXIST)
    PSUTIL_NAME(ENODEV)
    PSUTIL_NAME(ENOTDIR)
    PSUTIL_NAME(EISDIR)
    PSUTIL_NAME(EINVAL)
    PSUTIL_NAME(ENFILE)
    PSUTIL_NAME(EMFILE)
    PSUTIL_NAME(EFBIG)
    PSUTIL_NAME(ENOSPC)
    PSUTIL_NAME(ESPIPE)
    PSUTIL_NAME(EROFS)
    PSUTIL_NAME(ERANGE)
    PSUTIL_NAME(ENAMETOOLONG)
    PSUTIL_NAME(ENOSYS)
    PSUTIL_NAME(ENOTSUP)
    PSUTIL_NAME(ELOOP)
    PSUTIL_NAME(EOVERFLOW)
    PSUTIL_NAME(ETIMEDOUT)
    PSUTIL_NAME(ENOTCONN)
    PSUTIL_NAME(ESTALE)
    PSUTIL_NAME(ECANCELED)
    // A file system that a program serves may return any errno.
#ifdef ETXTBSY
    PSUTIL_NAME(ETXTBSY)
#endif
#ifdef EDQUOT
    PSUTIL_NAME(EDQUOT)
#endif
#ifdef EXDEV
    PSUTIL_NAME(EXDEV)
#endif
#ifdef ENOTTY
    PSUTIL_NAME(ENOTTY)
#endif
#ifdef EPIPE
    PSUTIL_NAME(EPIPE)
#endif
#ifdef EDEADLK
    PSUTIL_NAME(EDEADLK)
#endif
#ifdef ENOLCK
    PSUTIL_NAME(ENOLCK)
#endif
#ifdef EPROTO
    PSUTIL_NAME(EPROTO)
#endif
    // Of sockets.
#ifdef ENOBUFS
    PSUTIL_NAME(ENOBUFS)
#endif
#ifdef EADDRINUSE
    PSUTIL_NAME(EADDRINUSE)
#endif
#ifdef EAFNOSUPPORT
    PSUTIL_NAME(EAFNOSUPPORT)
#endif
#ifdef EPROTONOSUPPORT
    PSUTIL_NAME(EPROTONOSUPPORT)
#endif
#ifdef EBADMSG
    PSUTIL_NAME(EBADMSG)
#endif
#ifdef EILSEQ
    PSUTIL_NAME(EILSEQ)
#endif
#ifdef EREMOTEIO
    PSUTIL_NAME(EREMOTEIO)
#endif
#ifdef ECONNREFUSED
    PSUTIL_NAME(ECONNREFUSED)
#endif
#ifdef ECONNRESET
    PSUTIL_NAME(ECONNRESET)
#endif
#ifdef ECONNABORTED
    PSUTIL_NAME(ECONNABORTED)
#endif
#ifdef EHOSTDOWN
    PSUTIL_NAME(EHOSTDOWN)
#endif
#ifdef EHOSTUNREACH
    PSUTIL_NAME(EHOSTUNREACH)
#endif
#undef PSUTIL_NAME
  }
  return "UNKNOWN";
}

Failure failure_of(int number, const char* syscall) {
  auto kind = Failure::Kind::kSystem;
  if (number == ESRCH) kind = Failure::Kind::kGone;
  if (number == EPERM || number == EACCES) kind = Failure::Kind::kDenied;
  if (number == ENOSYS || number == ENOTSUP) kind = Failure::Kind::kUnsupported;
  return {kind, number, errno_name(number), syscall};
}

Failure gone(const char* syscall) { return {Failure::Kind::kGone, ESRCH, "ESRCH", syscall}; }

Failure zombie(const char* syscall) { return {Failure::Kind::kZombie, ESRCH, "ESRCH", syscall}; }

Failure unsupported(const char* syscall) { return {Failure::Kind::kUnsupported, ENOTSUP, "ENOTSUP", syscall}; }

}  // namespace psutil
