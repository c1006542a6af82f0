// platform/linux/sockets.h: the tables of a network namespace are read once for all of its processes.
#include "platform/linux/sockets.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "harness/check.h"

using namespace psutil;

TEST("the tables of a network namespace are read once in a request, and again in the next") {
  ProcRoot root("/proc");
  EXPECT(root.open().ok());
  int pair[2];
  EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
  const int self = open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);
  constexpr uint64_t kSpace = 7;
  Sockets sockets;
  Array<char> lines;
  Sockets::Range first;
  EXPECT(sockets.of_namespace(kSpace, root, self, lines, first).ok());
  EXPECT(first.end >= first.begin + 2);
  // Nothing can be read beneath this directory.
  Sockets::Range again;
  EXPECT(sockets.of_namespace(kSpace, root, pair[0], lines, again).ok());
  EXPECT_EQ(again.begin, first.begin);
  EXPECT_EQ(again.end, first.end);
  EXPECT_EQ(sockets.of_namespace(kSpace + 1, root, pair[0], lines, again).number, ENOTDIR);
  sockets.drop();
  EXPECT_EQ(sockets.of_namespace(kSpace, root, pair[0], lines, again).number, ENOTDIR);
  for (const int file : {self, pair[0], pair[1]}) close(file);
}
