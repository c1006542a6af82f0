// platform/linux/known_processes.h: which processes a sampler reads without a listing.
#include "platform/linux/known_processes.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <vector>

#include "harness/check.h"
#include "platform/linux/numbered.h"

using namespace psutil;

namespace {

constexpr int32_t kFirst = 4000;
constexpr int32_t kCount = 1000;
constexpr uint64_t kForks = 100'000;
// Of a proc root that has nothing but processes.
constexpr size_t kDirectories = kCount + 2;

ProcessTotals totals_of(uint64_t forks, uint64_t links = kDirectories) { return {forks, links, 0, true}; }

// A reading that lists a thousand processes.
void list(KnownProcesses& known, const ProcessTotals& totals, size_t directories = kDirectories) {
  known.begin(totals);
  EXPECT(!known.are_known());
  for (int32_t i = 0; i < kCount; i++) known.add(kFirst + i);
  known.end(true, directories);
}

// The numbers of a reading that needs no list; all of them exist.
std::vector<int32_t> known_in(KnownProcesses& known, const ProcessTotals& totals) {
  known.begin(totals);
  EXPECT(known.are_known());
  std::vector<int32_t> pids;
  int32_t pid;
  while (known.next(pid)) {
    pids.push_back(pid);
    known.add(pid);
  }
  EXPECT_EQ(known.cursor(), -1);
  known.end(true, 0);
  return pids;
}

bool is_known(KnownProcesses& known, const ProcessTotals& totals) {
  known.begin(totals);
  return known.are_known();
}

}  // namespace

TEST("the kernel counts what it has begun") {
  ProcRoot root("/proc");
  EXPECT(root.open().ok());
  const ProcessTotals before = process_totals(root);
  const pid_t child = fork();
  if (child == 0) _exit(0);
  const ProcessTotals after = process_totals(root);
  waitpid(child, nullptr, 0);
  EXPECT(before.is_known && after.is_known);
  EXPECT(after.forks > before.forks);
}

TEST("totals from another file system than the kernel's are not known") {
  std::string path = "/tmp/psutil-extra-root-XXXXXX";
  EXPECT(mkdtemp(path.data()) != nullptr);
  EXPECT_EQ(mkdir((path + "/7").c_str(), 0700), 0);
  std::FILE* file = std::fopen((path + "/stat").c_str(), "w");
  std::fputs("cpu 1\nprocesses 5\n", file);
  std::fclose(file);
  ProcRoot root(path.c_str());
  EXPECT(root.open().ok());
  EXPECT(!process_totals(root).is_known);
  unlink((path + "/stat").c_str());
  rmdir((path + "/7").c_str());
  rmdir(path.c_str());
}

TEST("a list of a directory counts its directories, as its link count does") {
  std::string path = "/tmp/psutil-extra-list-XXXXXX";
  EXPECT(mkdtemp(path.data()) != nullptr);
  for (const char* name : {"/7", "/8", "/other"}) EXPECT_EQ(mkdir((path + name).c_str(), 0700), 0);
  std::fclose(std::fopen((path + "/9").c_str(), "w"));
  const Descriptor directory(open_at(AT_FDCWD, path.c_str(), O_RDONLY | O_DIRECTORY));
  NumberedEntries entries(directory.get(), ".", 0, SIZE_MAX);
  size_t count = 0;
  for (int32_t number; entries.next(number);) count++;
  EXPECT_EQ(count, 3u);
  EXPECT_EQ(entries.directories(), 5u);
  unlink((path + "/9").c_str());
  for (const char* name : {"/7", "/8", "/other"}) rmdir((path + name).c_str());
  rmdir(path.c_str());
}

TEST("while nothing begins, the processes of the last reading are known, in their order") {
  KnownProcesses known;
  list(known, totals_of(kForks));
  for (int reading = 0; reading < 20; reading++) {
    const std::vector<int32_t> pids = known_in(known, totals_of(kForks));
    EXPECT_EQ(pids.size(), kCount);
    EXPECT_EQ(pids.front(), kFirst);
    EXPECT_EQ(pids.back(), kFirst + kCount - 1);
  }
}

TEST("the processes of a reading in parts are known") {
  KnownProcesses known;
  known.begin(totals_of(kForks));
  for (int32_t i = 0; i < kCount; i++) {
    known.add(kFirst + i);
    known.end(i == kCount - 1, i == 0 ? 3 : 1);
  }
  EXPECT_EQ(known_in(known, totals_of(kForks)).size(), kCount);
}

TEST("all are listed if a process or a thread has begun since the last reading began") {
  KnownProcesses known;
  list(known, totals_of(kForks));
  EXPECT(!is_known(known, totals_of(kForks + 1)));
}

TEST("all are listed after a reading that lacked one that was listed") {
  KnownProcesses known;
  known.begin(totals_of(kForks));
  for (int32_t i = 1; i < kCount; i++) known.add(kFirst + i);
  known.miss();
  known.end(true, kDirectories);
  EXPECT(!is_known(known, totals_of(kForks)));
}

TEST("all are listed if there are directories that were not listed, as those of hidden processes") {
  KnownProcesses known;
  list(known, totals_of(kForks), kDirectories - 1);
  EXPECT(!is_known(known, totals_of(kForks)));
}

TEST("all are listed after a reading that has not come to the end") {
  KnownProcesses known;
  list(known, totals_of(kForks));
  known.begin(totals_of(kForks));
  int32_t pid;
  EXPECT(known.next(pid));
  known.add(pid);
  known.end(false, 0);
  EXPECT(!is_known(known, totals_of(kForks)));
}

TEST("a reading in parts continues where it stopped") {
  KnownProcesses known;
  list(known, totals_of(kForks));
  known.begin(totals_of(kForks));
  int32_t pid;
  for (int i = 0; i < 10; i++) EXPECT(known.next(pid));
  known.end(false, 0);
  EXPECT(known.are_known());
  EXPECT_EQ(known.cursor(), kFirst + 10);
  EXPECT(known.next(pid));
  EXPECT_EQ(pid, kFirst + 10);
}

TEST("all are listed where the totals are not known") {
  KnownProcesses known;
  list(known, ProcessTotals{});
  EXPECT(!is_known(known, ProcessTotals{}));
}

TEST("few processes are listed") {
  ProcRoot root("/proc");
  EXPECT(root.open().ok());
  KnownProcesses known;
  for (int i = 0; i < 2; i++) {
    known.begin(root);
    EXPECT(!known.are_known());
    known.add(1);
    known.end(true, 0);
  }
}
