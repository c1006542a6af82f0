#include "platform/linux/bpf/cpu_times.h"

namespace psutil {
namespace {

// a * b / c, for b not above c: 128 bits in between, which not every compiler has.
uint64_t multiplied_and_divided(uint64_t a, uint64_t b, uint64_t c) {
  uint64_t product;
  if (!__builtin_mul_overflow(a, b, &product)) return product / c;
  // From the highest bit of a on: quotient and rest of its upper bits times b.
  uint64_t quotient = 0;
  uint64_t rest = 0;
  const auto add = [&](uint64_t more) {
    const bool carries = rest >= c - more;
    rest = carries ? rest - (c - more) : rest + more;
    quotient += carries ? 1 : 0;
  };
  for (int place = 63; place >= 0; place--) {
    quotient <<= 1;
    add(rest);
    if ((a >> place & 1) != 0) add(b);
  }
  return quotient;
}

}  // namespace

CpuTimes adjusted(const CpuTimes& sampled, uint64_t runtime, const CpuTimes& last) {
  if (last.user + last.system >= runtime) return last;
  uint64_t system;
  if (sampled.system == 0) {
    system = 0;
  } else if (sampled.user == 0) {
    system = runtime;
  } else {
    const uint64_t sum = sampled.user + sampled.system;
    system = multiplied_and_divided(runtime, sampled.system, sum);
  }
  if (system < last.system) system = last.system;
  uint64_t user = runtime - system;
  if (user < last.user) {
    user = last.user;
    system = runtime - user;
  }
  return {user, system};
}

}  // namespace psutil
