// platform/linux/main_thread.h: who reads for long learns that the main thread waits for a processor.
#include "platform/linux/main_thread.h"

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
#include "platform/platform.h"

using namespace psutil;

namespace {

using Clock = std::chrono::steady_clock;

void work_for(std::chrono::microseconds time) {
  const auto until = Clock::now() + time;
  while (Clock::now() < until) {
  }
}

// Until the main thread has gone to sleep: on one processor it waits for that, too.
void let_main_sleep() {
  char state = '?';
  while (state != 'S') {
    usleep(1000);
    std::FILE* file = std::fopen(("/proc/self/task/" + std::to_string(getpid()) + "/stat").c_str(), "r");
    EXPECT_EQ(std::fscanf(file, "%*d %*s %c", &state), 1);
    std::fclose(file);
  }
}

// Beside the main thread of a process of its own, and on the same processor, `read` runs in a second one until it says
// that it has made way, or a second has passed. Whether it has.
template <typename Read>
bool makes_way(bool main_is_busy, Read read) {
  const pid_t child = fork();
  if (child == 0) {
    // Both have one processor.
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    sched_setaffinity(0, sizeof one, &one);
    std::atomic<bool> done{false};
    bool known = false;
    std::thread reading([&] {
      if (!main_is_busy) let_main_sleep();
      const auto until = Clock::now() + std::chrono::seconds(1);
      while (!known && Clock::now() < until) known = read();
      done = true;
    });
    while (main_is_busy && !done) {
    }
    reading.join();
    _exit(known ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

TEST("a thread learns that it keeps the main thread waiting, and no other does") {
  MainThread main_thread;
  const auto work = [&] {
    main_thread.watch();
    work_for(std::chrono::microseconds(1200));
    const bool known = main_thread.is_kept_waiting();
    main_thread.leave();
    return known;
  };
  EXPECT(makes_way(true, work));
  EXPECT(!makes_way(false, work));
}

TEST("a read that may make way stops early where it keeps the main thread waiting, any other read never") {
  const std::vector<int32_t> pids(200, static_cast<int32_t>(getpid()));
  const int32_t nobody = 0;
  Platform platform("/proc");
  ReadRequest request = {};
  request.pids = pids.data();
  request.count = pids.size();
  request.fields = bit(Field::umask);
  const auto read = [&] {
    Columns columns;
    SourceCounts counts;
    return platform.read(request, columns, counts) && columns.taken() < pids.size();
  };
  EXPECT(!makes_way(true, read));
  request.hurry = &nobody;
  EXPECT(makes_way(true, read));
  EXPECT(!makes_way(false, read));
}

TEST("before any work is watched, nobody is kept waiting") {
  MainThread main_thread;
  work_for(std::chrono::milliseconds(2));
  EXPECT(!main_thread.is_kept_waiting());
}
