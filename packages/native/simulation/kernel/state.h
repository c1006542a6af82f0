// The table itself, and what the test's JavaScript does to it.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "kernel/table.h"

namespace simulation {

// Something that happens when a call of that name, and PID if one is given, has been made `skip` times.
struct Event {
  enum class Kind { kError, kCut, kPatch, kAdd, kRemove, kRecycle, kZombie, kClock };
  std::string call;
  int32_t pid = 0;  // 0: any
  int32_t skip = 0;
  int32_t times = 1;
  Kind kind = Kind::kError;
  std::string error;
  double number = 0;   // bytes, processes, microseconds or what is patched
  int32_t victim = 0;  // the process that it happens to
};

struct State {
  std::mutex mutex;
  std::vector<Process> processes;
  std::vector<Event> events;
  std::map<std::string, int32_t> calls;
  uint64_t boot = 0;
  uint64_t uptime = 0;

  void reset();
  void put(const Process& process);
  void remove(int32_t pid);

 private:
  void erase(int32_t pid);
};

// Of the whole program: kernels are shared by all threads, and so is this one.
State& state();

}  // namespace simulation
