// /proc/PID/net/{tcp,udp,raw}{,6} and unix: https://man7.org/linux/man-pages/man5/proc_pid_net.5.html, get_tcp4_sock() in
// the kernel's net/ipv4/tcp_ipv4.c, unix_seq_show() in net/unix/af_unix.c.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/schema.h"

namespace psutil {

struct SocketAddress {
  uint8_t bytes[16] = {};  // in network order; IPv4 has four
  uint32_t port = 0;
  bool is_known = false;  // false for the address that means "none"
};

struct InetSocket {
  uint64_t inode = 0;
  uint8_t state = 0;  // the kernel's number: TCP_ESTABLISHED and so on
  SocketAddress local;
  SocketAddress remote;
};

struct UnixSocket {
  uint64_t inode = 0;
  uint32_t type = 0;       // SOCK_STREAM and so on
  std::string_view name;   // empty if it has none; an abstract name begins with '@'
};

// Parses a line after the first. `is_v6` is whether the addresses are of IPv6.
bool parse_inet_socket(std::string_view line, bool is_v6, InetSocket& socket);

// Also returns false for the rest of a name that contains an end of line.
bool parse_unix_socket(std::string_view line, UnixSocket& socket);

// Returns false if the number is no state of TCP.
bool parse_connection_state(uint8_t number, ConnectionState& state);

}  // namespace psutil
