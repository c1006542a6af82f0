#pragma once

#ifdef __cplusplus
extern "C" {
#endif
int* ___errno(void);
#ifdef __cplusplus
}
#endif
#define errno (*___errno())

#define EPERM 1
#define ENOENT 2
#define ESRCH 3
#define EINTR 4
#define EIO 5
#define ENXIO 6
#define E2BIG 7
#define EBADF 9
#define EAGAIN 11
#define ENOMEM 12
#define EACCES 13
#define EFAULT 14
#define EBUSY 16
#define EEXIST 17
#define ENODEV 19
#define ENOTDIR 20
#define EISDIR 21
#define EINVAL 22
#define ENFILE 23
#define EMFILE 24
#define EFBIG 27
#define ENOSPC 28
#define ESPIPE 29
#define EROFS 30
#define ERANGE 34
#define ECANCELED 47
#define ENOTSUP 48
#define ETIME 62
#define ENAMETOOLONG 78
#define EOVERFLOW 79
#define EILSEQ 88
#define ENOSYS 89
#define ELOOP 90
#define ENOTCONN 134
#define ETIMEDOUT 145
#define ESTALE 151
