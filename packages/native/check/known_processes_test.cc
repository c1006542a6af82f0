// platform/linux/known_processes.h: which processes a sampler reads without a listing.
#include "platform/linux/known_processes.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "harness/check.h"

using namespace psutil;

namespace {

// Numbers that no process has, above that of any.
constexpr int32_t kFirst = 5'000'000;
constexpr int32_t kCount = 1000;
constexpr uint64_t kForks = 100'000;
constexpr uint32_t kLast = 4'900'000;

class Child {
 public:
  Child() : pid_(fork()) {
    while (pid_ == 0) pause();
  }
  ~Child() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  int32_t pid() const { return pid_; }
  uint32_t number() const { return static_cast<uint32_t>(pid_); }

 private:
  pid_t pid_;
};

ForkCounts counts_of(uint64_t forks, uint32_t last) { return {forks, last, 0, true}; }

// A reading that lists a thousand processes.
void list(KnownProcesses& known, const ForkCounts& counts) {
  known.begin(counts);
  EXPECT(!known.are_known());
  for (int32_t i = 0; i < kCount; i++) known.add(kFirst + i);
  known.end(true);
}

// The numbers of a reading that needs no list; all of them exist.
std::vector<int32_t> known_in(KnownProcesses& known, const ForkCounts& counts) {
  known.begin(counts);
  EXPECT(known.are_known());
  std::vector<int32_t> pids;
  int32_t pid;
  while (known.next(pid)) {
    pids.push_back(pid);
    known.add(pid);
  }
  EXPECT_EQ(known.cursor(), -1);
  known.end(true);
  return pids;
}

// Others may have begun, too.
bool has(const std::vector<int32_t>& pids, int32_t pid) { return std::find(pids.begin(), pids.end(), pid) != pids.end(); }

bool is_known(KnownProcesses& known, const ForkCounts& counts) {
  known.begin(counts);
  return known.are_known();
}

}  // namespace

TEST("the kernel counts what it has begun, and the number that it gave last") {
  ProcRoot root("/proc");
  EXPECT(root.open().ok());
  const ForkCounts before = fork_counts(root);
  const Child child;
  const ForkCounts after = fork_counts(root);
  EXPECT(before.is_known && after.is_known);
  EXPECT(after.forks > before.forks);
  EXPECT(after.last > 0);
}

TEST("counts from another file system than the kernel's are not known") {
  std::string path = "/tmp/psutil-extra-root-XXXXXX";
  EXPECT(mkdtemp(path.data()) != nullptr);
  EXPECT_EQ(mkdir((path + "/7").c_str(), 0700), 0);
  for (const auto& [name, text] : {std::pair{"/stat", "cpu 1\nprocesses 5\n"}, {"/loadavg", "0 0 0 1/2 7\n"}}) {
    std::FILE* file = std::fopen((path + name).c_str(), "w");
    std::fputs(text, file);
    std::fclose(file);
  }
  ProcRoot root(path.c_str());
  EXPECT(root.open().ok());
  EXPECT(!fork_counts(root).is_known);
  for (const char* name : {"/stat", "/loadavg"}) unlink((path + name).c_str());
  rmdir((path + "/7").c_str());
  rmdir(path.c_str());
}

TEST("while nothing begins, the processes of the last reading are known") {
  KnownProcesses known;
  list(known, counts_of(kForks, kLast));
  const std::vector<int32_t> pids = known_in(known, counts_of(kForks, kLast));
  EXPECT_EQ(pids.size(), kCount);
  EXPECT_EQ(pids.front(), kFirst);
  EXPECT_EQ(pids.back(), kFirst + kCount - 1);
}

TEST("the processes of a reading in parts are known") {
  KnownProcesses known;
  known.begin(counts_of(kForks, kLast));
  for (int32_t i = 0; i < kCount; i++) {
    known.add(kFirst + i);
    known.end(i == kCount - 1);
  }
  EXPECT_EQ(known_in(known, counts_of(kForks, kLast)).size(), kCount);
}

TEST("one that does not exist at a reading is not known to the next one") {
  KnownProcesses known;
  list(known, counts_of(kForks, kLast));
  known.begin(counts_of(kForks, kLast));
  int32_t pid;
  while (known.next(pid)) {
    if (pid != kFirst) known.add(pid);
  }
  known.end(true);
  EXPECT_EQ(known_in(known, counts_of(kForks, kLast)).front(), kFirst + 1);
}

TEST("a process whose number was given since the last reading is found, in the order of the numbers") {
  KnownProcesses known;
  const Child child;
  list(known, counts_of(kForks, child.number() - 1));
  const std::vector<int32_t> pids = known_in(known, counts_of(kForks + 1, child.number()));
  EXPECT(has(pids, child.pid()));
  EXPECT(std::is_sorted(pids.begin(), pids.end()));
}

TEST("a process that had its number before the last reading and began after that is found") {
  KnownProcesses known;
  const Child child;
  list(known, counts_of(kForks, child.number() + 3));
  EXPECT(has(known_in(known, counts_of(kForks, child.number() + 3)), child.pid()));
}

TEST("all are listed if more was begun than numbers were given in order") {
  KnownProcesses known;
  list(known, counts_of(kForks, kLast));
  EXPECT(!is_known(known, counts_of(kForks + 2, kLast + 1)));
}

TEST("all are listed if the numbers begin anew") {
  KnownProcesses known;
  list(known, counts_of(kForks, kLast));
  EXPECT(!is_known(known, counts_of(kForks + 1, kLast - 100)));
}

TEST("all are listed if too many numbers were given to try each") {
  KnownProcesses known;
  list(known, counts_of(kForks, kLast));
  EXPECT(!is_known(known, counts_of(kForks + kCount, kLast + kCount)));
}

TEST("all are listed after a reading that has not come to the end") {
  KnownProcesses known;
  list(known, counts_of(kForks, kLast));
  known.begin(counts_of(kForks, kLast));
  int32_t pid;
  EXPECT(known.next(pid));
  known.add(pid);
  known.end(false);
  EXPECT(!is_known(known, counts_of(kForks, kLast)));
}

TEST("a reading in parts continues where it stopped") {
  KnownProcesses known;
  list(known, counts_of(kForks, kLast));
  known.begin(counts_of(kForks, kLast));
  int32_t pid;
  for (int i = 0; i < 10; i++) EXPECT(known.next(pid));
  known.end(false);
  EXPECT(known.are_known());
  EXPECT_EQ(known.cursor(), kFirst + 10);
  EXPECT(known.next(pid));
  EXPECT_EQ(pid, kFirst + 10);
}

TEST("all are listed again from time to time, and where the counts are not known") {
  KnownProcesses known;
  list(known, counts_of(kForks, kLast));
  int readings = 0;
  for (; is_known(known, counts_of(kForks, kLast)); readings++) {
    int32_t pid;
    while (known.next(pid)) known.add(pid);
    known.end(true);
  }
  EXPECT_EQ(readings, KnownProcesses::kLongest);
  list(known, ForkCounts{});
  EXPECT(!is_known(known, counts_of(kForks, kLast)));
}

TEST("few processes are listed") {
  ProcRoot root("/proc");
  EXPECT(root.open().ok());
  KnownProcesses known;
  for (int i = 0; i < 2; i++) {
    known.begin(root);
    EXPECT(!known.are_known());
    known.add(1);
    known.end(true);
  }
}
