// platform/linux/links.h: whether the kernel has added the " (deleted)" at the end of a path. With real files.
#include "platform/linux/links.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>

#include "harness/check.h"
#include "platform/shared/file.h"

using namespace psutil;

namespace {

// An open file, which is removed at the end.
class File {
 public:
  explicit File(const std::string& name) {
    EXPECT(mkdtemp(folder_.data()) != nullptr);
    path_ = folder_ + '/' + name;
    fd_ = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    EXPECT(fd_ >= 0);
  }
  ~File() {
    close(fd_);
    unlink(path_.c_str());
    rmdir(folder_.c_str());
  }
  int fd() const { return fd_; }
  const std::string& path() const { return path_; }

 private:
  std::string folder_ = "/tmp/psutil-extra-links-XXXXXX";
  std::string path_;
  int fd_;
};

struct Followed {
  explicit Followed(const File& file) : self(open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC)) {
    const std::string name = "fd/" + std::to_string(file.fd());
    EXPECT(read_link(self.get(), name.c_str(), link).ok());
    FileIdentity identity;
    EXPECT(identify(self.get(), name.c_str(), identity));
    path = {link.data(), link.size()};
    deleted = remove_deleted(self.get(), &identity, buffer, path);
  }
  Descriptor self;
  Array<char> link;
  Array<char> buffer;
  std::string_view path;
  bool deleted;
};

}  // namespace

TEST("the path of a file that is there is as it is, whatever its name ends in") {
  for (const char* name : {"a", "a (deleted)", "a (deleted) (deleted)"}) {
    const File file(name);
    const Followed it(file);
    EXPECT(!it.deleted);
    EXPECT_EQ(it.path, file.path());
  }
}

TEST("the kernel's suffix is removed once from the path of a deleted file") {
  for (const char* name : {"a", "a (deleted)"}) {
    const File file(name);
    EXPECT_EQ(unlink(file.path().c_str()), 0);
    const Followed it(file);
    EXPECT(it.deleted);
    EXPECT_EQ(it.path, file.path());
  }
}

TEST("another file that is called as the kernel calls the deleted one does not stand for it") {
  const File file("a");
  EXPECT_EQ(unlink(file.path().c_str()), 0);
  const std::string other = file.path() + " (deleted)";
  const Descriptor made(open(other.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  const Followed it(file);
  unlink(other.c_str());
  EXPECT(it.deleted);
  EXPECT_EQ(it.path, file.path());
}

TEST("without a file to compare, the suffix alone decides") {
  Array<char> buffer;
  std::string_view path = "/a (deleted)";
  EXPECT(remove_deleted(AT_FDCWD, nullptr, buffer, path));
  EXPECT_EQ(path, "/a");
  path = " (deleted)";
  EXPECT(!remove_deleted(AT_FDCWD, nullptr, buffer, path));
  path = "/memfd:x (deleted)";
  EXPECT(remove_deleted(AT_FDCWD, uint64_t{1}, buffer, path));
  EXPECT_EQ(path, "/memfd:x");
}

TEST("a link that is not there is an error of readlink") {
  Array<char> link;
  const Failure failure = read_link(AT_FDCWD, "/proc/self/none", link);
  EXPECT_EQ(failure.number, ENOENT);
  EXPECT_EQ(failure.syscall, "readlink");
}
