// platform/linux/lines.h: files of any length, line by line.
#include "platform/linux/lines.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <vector>

#include "harness/check.h"

using namespace psutil;

namespace {

struct ReadLines {
  std::vector<std::string> lines;
  Failure failure;
};

ReadLines lines_of(const std::string& text) {
  std::string path = "/tmp/psutil-extra-lines-XXXXXX";
  const Descriptor file(mkstemp(path.data()));
  for (size_t at = 0; at < text.size();) at += static_cast<size_t>(write(file.get(), text.data() + at, text.size() - at));
  ProcRoot root("/proc");
  Array<char> buffer;
  ReadLines read;
  Lines lines(root, AT_FDCWD, path.c_str(), buffer);
  std::string_view line;
  while (lines.next(line)) read.lines.emplace_back(line);
  read.failure = lines.failure();
  unlink(path.c_str());
  return read;
}

}  // namespace

TEST("whole lines are read, and one that is cut is not") {
  const std::vector<std::string> wanted = {"a", "", "b c"};
  EXPECT(lines_of("a\n\nb c\n").lines == wanted);
  EXPECT(lines_of("a\n\nb c\nd").lines == wanted);
  EXPECT(lines_of("").lines.empty());
}

TEST("lines longer than the buffer, and many more than fit into it, are whole") {
  std::string text;
  std::vector<std::string> wanted;
  for (size_t i = 0; i < 3000; i++) wanted.emplace_back(i % 1000 == 999 ? 200'000 : i % 97, static_cast<char>('a' + i % 26));
  for (const std::string& line : wanted) text += line + '\n';
  EXPECT(lines_of(text).lines == wanted);
}

TEST("a line without an end is an error, and so is a missing file") {
  EXPECT_EQ(lines_of(std::string(3'000'000, 'x')).failure.number, EFBIG);
  ProcRoot root("/proc");
  Array<char> buffer;
  std::string_view line;
  Lines missing(root, AT_FDCWD, "/proc/self/none", buffer);
  EXPECT(!missing.next(line));
  EXPECT_EQ(missing.failure().number, ENOENT);
}
