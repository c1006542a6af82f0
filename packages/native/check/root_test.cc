// platform/linux/proc_root.h: files beneath a proc root are read whole, whatever their size.
#include "platform/linux/proc_root.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "harness/check.h"
#include "harness/scarcity.h"

using namespace psutil;

namespace {

// A folder with a process and a file "status" of a given size. It is removed at the end.
class Folder {
 public:
  explicit Folder(size_t size) : text_(size, 'x') {
    for (size_t i = 0; i < size; i += 97) text_[i] = static_cast<char>('a' + i % 26);
    EXPECT(mkdtemp(path_.data()) != nullptr);
    EXPECT_EQ(mkdir((path_ + "/1").c_str(), 0700), 0);
    std::FILE* file = std::fopen((path_ + "/status").c_str(), "wb");
    EXPECT_EQ(std::fwrite(text_.data(), 1, size, file), size);
    std::fclose(file);
  }
  ~Folder() {
    unlink((path_ + "/status").c_str());
    rmdir((path_ + "/1").c_str());
    rmdir(path_.c_str());
  }
  const char* path() const { return path_.c_str(); }
  const std::string& text() const { return text_; }

 private:
  std::string path_ = "/tmp/psutil-extra-root-XXXXXX";
  std::string text_;
};

}  // namespace

TEST("a file of any size is read whole, the sizes at which a buffer is full among them") {
  for (const size_t size : {0, 1, 16383, 16384, 16385, 32768, 65536, 100'000, 262'144, 262'145, 600'000}) {
    check::About about(std::to_string(size) + " bytes");
    const Folder folder(size);
    ProcRoot root(folder.path());
    EXPECT(root.open().ok());
    for (int again = 0; again < 2; again++) {
      std::string_view text;
      EXPECT(root.read(root.fd(), "status", text).ok());
      EXPECT_EQ(text.size(), size);
      EXPECT(text == folder.text());
    }
  }
}

TEST("a short file read after a long one is only itself") {
  const Folder folder(40'000);
  ProcRoot root(folder.path());
  EXPECT(root.open().ok());
  std::string_view text;
  EXPECT(root.read(root.fd(), "status", text).ok());
  EXPECT_EQ(truncate((std::string(folder.path()) + "/status").c_str(), 5), 0);
  EXPECT(root.read(root.fd(), "status", text).ok());
  EXPECT_EQ(text, folder.text().substr(0, 5));
}

TEST("a file that is not there is an ENOENT of open") {
  ProcRoot root("/proc");
  EXPECT(root.open().ok());
  std::string_view text;
  const Failure failure = root.read(root.fd(), "no such file", text);
  EXPECT_EQ(failure.code, "ENOENT");
  EXPECT_EQ(failure.syscall, "open");
}

TEST("a file that finds no memory to be read into is reported, not cut") {
  const Folder folder(100'000);
  for (size_t left = 0; left < 3; left++) {
    check::About about(std::to_string(left) + " allocations");
    ProcRoot root(folder.path());
    EXPECT(root.open().ok());
    check::Scarcity few(left);
    std::string_view text;
    EXPECT_EQ(root.read(root.fd(), "status", text).code, "ENOMEM");
    EXPECT_EQ(text.size(), 0);
  }
}

TEST("only the system's own procfs is its own: a folder and another path to it are read through files alone") {
  ProcRoot own("/proc");
  EXPECT(own.open().ok());
  EXPECT(own.own());
  ProcRoot other("/proc/.");
  EXPECT(other.open().ok());
  EXPECT(!other.own());
}

TEST("a boot time is in whole seconds, the same in every root of this kernel") {
  ProcRoot own("/proc");
  ProcRoot other("/proc/.");
  EXPECT(own.open().ok() && other.open().ok());
  EXPECT(own.knows_boot() && other.knows_boot());
  EXPECT_EQ(own.clock().epoch_ms, other.clock().epoch_ms);
  EXPECT_EQ(own.clock().epoch_ms, std::floor(own.clock().epoch_ms / 1000) * 1000);
  EXPECT_EQ(own.clock().ticks_per_second, static_cast<double>(sysconf(_SC_CLK_TCK)));
}

TEST("a root without a readable stat knows no boot, and a folder without a process is no root") {
  const Folder folder(5);
  ProcRoot root(folder.path());
  EXPECT(root.open().ok());
  EXPECT(!root.is_procfs());
  EXPECT(!root.knows_boot());
  EXPECT(std::isnan(root.clock().epoch_ms));
  EXPECT_EQ(rmdir((std::string(folder.path()) + "/1").c_str()), 0);
  ProcRoot ordinary(folder.path());
  const Failure refused = ordinary.open();
  EXPECT_EQ(refused.kind, Failure::Kind::kUnsupported);
  EXPECT_EQ(refused.syscall, "statfs");
}
