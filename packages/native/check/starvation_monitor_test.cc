// platform/linux/starvation_monitor.h: a thread that reads for long detects that the main thread waits for a processor.
#include "platform/linux/starvation_monitor.h"

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "harness/check.h"
#include "platform/backend.h"

using namespace psutil;

namespace {

using Clock = std::chrono::steady_clock;

void work_for(std::chrono::microseconds time) {
  const auto until = Clock::now() + time;
  while (Clock::now() < until) {
  }
}

// Until the main thread sleeps. With one processor, it must first run for that.
void let_main_sleep() {
  char state = '?';
  while (state != 'S') {
    usleep(1000);
    std::FILE* file = std::fopen(("/proc/self/task/" + std::to_string(getpid()) + "/stat").c_str(), "r");
    EXPECT_EQ(std::fscanf(file, "%*d %*s %c", &state), 1);
    std::fclose(file);
  }
}

void stay_on(int processor) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(processor, &one);
  sched_setaffinity(0, sizeof one, &one);
}

// Another processor, if there is one.
int another_than(int processor) {
  cpu_set_t all;
  sched_getaffinity(0, sizeof all, &all);
  int other = processor;
  for (int i = 0; i < CPU_SETSIZE; i++) {
    if (i != processor && CPU_ISSET(i, &all)) other = i;
  }
  return other;
}

// In a process of its own, `read` runs in a second thread until it has made way, or a second has passed. Returns whether it has
// made way. Both threads have one processor. If it is crowded, the second thread shares another processor, if there is one, with
// a third thread, which is always busy.
template <typename Read>
bool makes_way(bool main_is_busy, bool is_crowded, Read read) {
  const pid_t child = fork();
  if (child == 0) {
    const int own = sched_getcpu();
    const int other = is_crowded ? another_than(own) : own;
    stay_on(own);
    std::atomic<bool> done{false};
    bool known = false;
    std::thread third([&] {
      stay_on(other);
      while (is_crowded && !done) {
      }
    });
    std::thread reading([&] {
      stay_on(other);
      if (!main_is_busy) let_main_sleep();
      const auto until = Clock::now() + std::chrono::seconds(1);
      while (!known && Clock::now() < until) known = read();
      done = true;
    });
    while (main_is_busy && !done) {
    }
    reading.join();
    third.join();
    _exit(known ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool learns(StarvationMonitor& starvation) {
  starvation.watch();
  work_for(std::chrono::microseconds(1200));
  const bool known = starvation.is_starved();
  starvation.leave();
  return known;
}

}  // namespace

TEST("a thread learns that it keeps the main thread waiting, and no other does") {
  StarvationMonitor starvation;
  EXPECT(makes_way(true, false, [&] { return learns(starvation); }));
  EXPECT(!makes_way(false, false, [&] { return learns(starvation); }));
}

TEST("a thread that has to wait itself is in the way of a main thread that works, and not of one that is idle") {
  StarvationMonitor starvation;
  EXPECT(makes_way(true, true, [&] { return learns(starvation); }));
  EXPECT(!makes_way(false, true, [&] { return learns(starvation); }));
}

TEST("a read that may make way stops early where it keeps the main thread waiting, any other read never") {
  const std::vector<int32_t> pids(200, static_cast<int32_t>(getpid()));
  const int32_t none = 0;
  Backend platform("/proc");
  ReadRequest request = {};
  request.pids = pids.data();
  request.count = pids.size();
  request.fields = bit(Field::umask);
  const auto read = [&] {
    TableBuilder table;
    SourceCounts counts;
    return platform.read(request, table, counts) && table.taken() < pids.size();
  };
  EXPECT(!makes_way(true, false, read));
  request.urgent_pending = &none;
  EXPECT(makes_way(true, false, read));
  EXPECT(!makes_way(false, false, read));
}

TEST("before any work is watched, no call is kept waiting") {
  StarvationMonitor starvation;
  work_for(std::chrono::milliseconds(2));
  EXPECT(!starvation.is_starved());
}
