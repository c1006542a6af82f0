// System calls without the C library in between, for those that are made of every process: of a scan's time the wrappers
// take a fiftieth. They check whether the thread is to be cancelled, which never happens here, and a variadic one moves every
// argument by one register.
#pragma once

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace psutil {

// Whether raw_call() is there: written for these processors, for which the addon is built.
#if defined(__x86_64__) || defined(__aarch64__)
#define PSUTIL_RAW_CALLS 1

// The result, or the errno below zero. It touches neither errno nor anything else of the C library.
inline long raw_call(long number, long a = 0, long b = 0, long c = 0, long d = 0) {
#if defined(__x86_64__)
  long result;
  register long fourth __asm__("r10") = d;
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth) : "rcx", "r11", "memory");
  return result;
#else
  register long which __asm__("x8") = number;
  register long result __asm__("x0") = a;
  register long second __asm__("x1") = b;
  register long third __asm__("x2") = c;
  register long fourth __asm__("x3") = d;
  __asm__ volatile("svc 0" : "+r"(result) : "r"(which), "r"(second), "r"(third), "r"(fourth) : "memory", "cc");
  return result;
#endif
}
#endif

// As syscall(2): -1 and errno where the kernel refuses.
inline long system_call(long number, long a = 0, long b = 0, long c = 0, long d = 0) {
#ifdef PSUTIL_RAW_CALLS
  const long result = raw_call(number, a, b, c, d);
  // The last page of addresses is never mapped: a result in it is an errno.
  if (static_cast<unsigned long>(result) < static_cast<unsigned long>(-4095)) return result;
  errno = static_cast<int>(-result);
  return -1;
#else
  return syscall(number, a, b, c, d);
#endif
}

inline long system_call(long number, long a, const void* b, long c = 0, long d = 0) {
  return system_call(number, a, reinterpret_cast<long>(b), c, d);
}

}  // namespace psutil
