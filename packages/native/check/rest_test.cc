// platform/linux/rest.h: what a sampler keeps of a process that does not run.
#include "platform/linux/rest.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "harness/check.h"
#include "platform/procfs/stat.h"
#include "platform/shared/file.h"

using namespace psutil;

namespace {

constexpr int32_t kUnused = (1 << 22) + 1;

std::string text_of(const char* name, char state) {
  return std::string("7 (") + name + ") " + state + " 1 7 7 0 7 0 1 2 3 4 10 20 30 40 25 5 1 0 100 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 17 3 0 0 50 0 0\n";
}

Rest noted(const std::string& text) {
  StatText stat;
  EXPECT(parse_stat(text, stat, bit(Field::cpuTimes)));
  Rest rest = {};
  rest.note(stat, 5);
  return rest;
}

}  // namespace

TEST("the processor time of a process grows while it runs") {
  const uint64_t before = processor_time_of(getpid());
  EXPECT(before > 0);
  while (processor_time_of(getpid()) == before) continue;
  EXPECT(processor_time_of(getpid()) > before);
}

TEST("the processor time of a process that is stopped stays the same") {
  const pid_t pid = fork();
  while (pid == 0) pause();
  kill(pid, SIGSTOP);
  EXPECT_EQ(waitpid(pid, nullptr, WUNTRACED), pid);
  uint64_t before = 0;
  // It says that it stops before it does.
  for (int same = 0; same < 10'000; same++) {
    const uint64_t now = processor_time_of(pid);
    if (now != before) same = 0;
    before = now;
  }
  EXPECT(before > 0);
  EXPECT_EQ(processor_time_of(pid), before);
  kill(pid, SIGKILL);
  waitpid(pid, nullptr, 0);
}

TEST("of a number that no process has there is no processor time") { EXPECT_EQ(processor_time_of(kUnused), 0); }

TEST("the same file of a process has the same inode when it is opened again, and that of another process another one") {
  const auto inode = [](pid_t pid) {
    return inode_of(Descriptor(open(("/proc/" + std::to_string(pid) + "/statm").c_str(), O_RDONLY | O_CLOEXEC)).get());
  };
  const pid_t other = fork();
  while (other == 0) pause();
  const uint64_t own = inode(getpid());
  EXPECT(own != 0);
  EXPECT_EQ(inode(getpid()), own);
  EXPECT(inode(other) != own);
  kill(other, SIGKILL);
  waitpid(other, nullptr, 0);
}

TEST("without a file there is no inode") { EXPECT_EQ(inode_of(-1), 0); }

TEST("what is kept has the name, the start and the times") {
  const Rest rest = noted(text_of("cat", 'S'));
  EXPECT(rest.is_known());
  EXPECT_EQ(std::string_view(rest.name, rest.name_length), "cat");
  EXPECT_EQ(rest.start, 100);
  EXPECT_EQ(rest.times[0], 10);
  EXPECT_EQ(rest.times[1], 20);
  EXPECT_EQ(rest.times[2], 30);
  EXPECT_EQ(rest.times[3], 40);
  EXPECT_EQ(rest.times[4], 50);
}

TEST("a name of fifteen bytes is kept, and of one with a longer name nothing") {
  EXPECT(noted(text_of("123456789012345", 'S')).is_known());
  EXPECT(!noted(text_of("1234567890123456", 'S')).is_known());
}

TEST("of a process that has ended nothing is kept") {
  EXPECT(!noted(text_of("cat", 'Z')).is_known());
  EXPECT(!noted(text_of("cat", 'X')).is_known());
}
