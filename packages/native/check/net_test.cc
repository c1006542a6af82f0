// platform/procfs/net.h: /proc/PID/net/tcp and the like, and unix.
#include "platform/procfs/net.h"

#include <arpa/inet.h>

#include "harness/check.h"
#include "harness/recorded.h"

using namespace psutil;

namespace {

struct Inet {
  Inet(std::string_view line, bool is_v6) : bytes(line), v6(is_v6), ok(parse_inet_socket(bytes.text(), is_v6, socket)) {}
  std::string text(const SocketAddress& address) const {
    char printed[INET6_ADDRSTRLEN];
    return inet_ntop(v6 ? AF_INET6 : AF_INET, address.bytes, printed, sizeof printed);
  }
  check::Bytes bytes;
  bool v6;
  InetSocket socket;
  bool ok;
};

struct Unix {
  explicit Unix(std::string_view line) : bytes(line), ok(parse_unix_socket(bytes.text(), socket)) {}
  check::Bytes bytes;
  UnixSocket socket;
  bool ok;
};

// The kernel prints words in the machine's byte order. These lines are of a little-endian machine.
constexpr bool kLowestFirst = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
constexpr char kTail[] = " 00000000:00000000 00:00000000 00000000  1000        0 4711 1 0000000000000000 100 0 0 10 0";
constexpr char kUnix[] = "ffff8881045a2000: 00000002 00000000 00010000 0001 01 4711";

}  // namespace

TEST("addresses, ports, state and inode of an IPv4 socket are read") {
  if (!kLowestFirst) return;
  const Inet it(std::string("   0: 0100007F:1F90 0200A8C0:01BB 01") + kTail, false);
  EXPECT(it.ok);
  EXPECT_EQ(it.text(it.socket.local), "127.0.0.1");
  EXPECT_EQ(it.socket.local.port, 8080);
  EXPECT_EQ(it.text(it.socket.remote), "192.168.0.2");
  EXPECT_EQ(it.socket.remote.port, 443);
  EXPECT_EQ(it.socket.state, 1);
  EXPECT_EQ(it.socket.inode, 4711);
}

TEST("those of an IPv6 socket are four words") {
  if (!kLowestFirst) return;
  const Inet it(std::string("  12: B80D0120000000000000000001000000:1F90 0000000000000000FFFF00000100007F:8000 06") + kTail, true);
  EXPECT(it.ok);
  EXPECT_EQ(it.text(it.socket.local), "2001:db8::1");
  EXPECT_EQ(it.text(it.socket.remote), "::ffff:127.0.0.1");
  EXPECT_EQ(it.socket.remote.port, 32768);
}

TEST("an address of zero with a port is one, and without it none") {
  const Inet it(std::string("   0: 00000000:0016 00000000:0000 0A") + kTail, false);
  EXPECT(it.socket.local.is_known);
  EXPECT(!it.socket.remote.is_known);
}

TEST("headings, half lines and words of other lengths are no sockets") {
  const std::string whole = "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4";
  EXPECT(Inet(whole, false).ok);
  for (size_t length = 0; length < whole.size(); length++) EXPECT(!Inet(whole.substr(0, length), false).ok);
  EXPECT(!Inet(whole, true).ok);
  EXPECT(!Inet("  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode", false).ok);
  EXPECT(!Inet(std::string("   0: 0100007F:1F90F 00000000:0000 0A") + kTail, false).ok);
  EXPECT(!Inet(std::string("   0: 0100007G:1F90 00000000:0000 0A") + kTail, false).ok);
}

TEST("every state of TCP has its name, and a request that waits is being received") {
  ConnectionState state;
  EXPECT(parse_connection_state(1, state) && state == ConnectionState::kEstablished);
  EXPECT(parse_connection_state(7, state) && state == ConnectionState::kClose);
  EXPECT(parse_connection_state(10, state) && state == ConnectionState::kListen);
  EXPECT(parse_connection_state(11, state) && state == ConnectionState::kClosing);
  EXPECT(parse_connection_state(12, state) && state == ConnectionState::kSynRecv);
  for (const uint8_t number : {uint8_t{0}, uint8_t{13}, uint8_t{255}}) EXPECT(!parse_connection_state(number, state));
}

TEST("a unix socket has a type, an inode, and a name with any bytes or none") {
  const Unix it(std::string(kUnix) + " /run/a socket ");
  EXPECT(it.ok);
  EXPECT_EQ(it.socket.type, 1);
  EXPECT_EQ(it.socket.inode, 4711);
  EXPECT_EQ(it.socket.name, "/run/a socket ");
  EXPECT(Unix(kUnix).ok);
  EXPECT_EQ(Unix(kUnix).socket.name, "");
  EXPECT_EQ(Unix(std::string(kUnix) + "  x").socket.name, " x");
  EXPECT_EQ(Unix(std::string(kUnix) + " @\xff@").socket.name, "@\xff@");
  EXPECT(Unix("c45a2000: 00000002 00000000 00010000 0005 01   17").ok);
}

TEST("the rest of a name with an end of line is no socket") {
  for (const char* line : {"", "Num       RefCount Protocol Flags    Type St Inode Path", "rest", "a: b",
                           "ffff8881045a2000: 00000002 00000000 00010000 0001 01", "ffff8881045a2000: 2 0 10000 1 1 17 /x",
                           "ffff8881045a2000: 00000002 00000000 00010000 0001 01 17/x", "ffff8881045a200: 00000002 00000000 00010000 0001 01 17"}) {
    check::About about(line);
    EXPECT(!Unix(line).ok);
  }
}
