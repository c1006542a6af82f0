// System calls without the C library, for the calls that a scan makes for every process: the library's wrappers take a
// fiftieth of its time. They check whether the thread is cancelled, which never happens here, and syscall(2) moves every
// argument to another register.
#pragma once

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace psutil {

// Whether raw_call() exists. It is written for the processors that have prebuilt addons.
#if defined(__x86_64__) || defined(__aarch64__)
#define PSUTIL_RAW_CALLS 1

// Returns the result, or the negated errno. Uses neither errno nor anything else of the C library.
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

// As syscall(2): returns -1 and sets errno if the kernel refuses.
inline long system_call(long number, long a = 0, long b = 0, long c = 0, long d = 0) {
#ifdef PSUTIL_RAW_CALLS
  const long result = raw_call(number, a, b, c, d);
  // The last page of addresses is never mapped, so a result in it is an errno.
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
