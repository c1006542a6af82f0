#include "platform/procfs/net.h"

#include <cstring>

#include "core/text.h"

namespace psutil {
namespace {

constexpr uint8_t kEstablished = 1;
constexpr uint8_t kClosing = 11;
constexpr uint8_t kNewSynRecv = 12;  // a request that waits to be accepted
constexpr size_t kWordDigits = 8;

// Reads a number of exactly so many hexadecimal digits.
bool take_hex(std::string_view& text, size_t digits, uint64_t& value) {
  if (text.size() < digits) return false;
  Scanner scanner(text.substr(0, digits));
  if (scanner.peek() == ' ' || scanner.peek() == '\t' || !scanner.hex(value) || !scanner.done()) return false;
  text.remove_prefix(digits);
  return true;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

// An address in words of 32 bits, of which the kernel prints the values in the machine's byte order: "0100007F:1F90".
bool parse_address(std::string_view text, size_t words, SocketAddress& address) {
  bool is_zero = true;
  for (size_t i = 0; i < words; i++) {
    uint64_t value;
    if (!take_hex(text, kWordDigits, value)) return false;
    const auto word = static_cast<uint32_t>(value);
    std::memcpy(address.bytes + i * sizeof word, &word, sizeof word);
    is_zero = is_zero && word == 0;
  }
  uint64_t port;
  if (!take(text, ':') || !take_hex(text, 4, port) || !text.empty()) return false;
  address.port = static_cast<uint32_t>(port);
  address.is_known = !is_zero || port != 0;
  return true;
}

}  // namespace

// "  0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000  0 12345 …"
bool parse_inet_socket(std::string_view line, bool is_v6, InetSocket& socket) {
  Scanner scanner(line);
  const std::string_view number = scanner.word();
  if (number.empty() || number.back() != ':') return false;
  const size_t words = is_v6 ? 4 : 1;
  const bool has_local = parse_address(scanner.word(), words, socket.local);
  const bool has_remote = parse_address(scanner.word(), words, socket.remote);
  std::string_view state = scanner.word();
  uint64_t value;
  if (!has_local || !has_remote || !take_hex(state, 2, value)) return false;
  socket.state = static_cast<uint8_t>(value);
  // Queues, timer, retransmissions, user and timeout.
  for (int i = 0; i < 5; i++) scanner.word();
  return scanner.number(socket.inode);
}

// "0000000000000000: 00000002 00000000 00010000 0001 01 12345 /run/a socket": an address, which is zero for most readers,
// references, protocol, flags, type, state and inode.
bool parse_unix_socket(std::string_view line, UnixSocket& socket) {
  const size_t colon = line.find(':');
  // A pointer of either width, with all its digits.
  if (colon != 2 * sizeof(uint32_t) && colon != 2 * sizeof(uint64_t)) return false;
  uint64_t value;
  uint64_t type;
  std::string_view rest = line;
  if (!take_hex(rest, colon, value) || !take(rest, ':')) return false;
  for (int i = 0; i < 3; i++) {
    if (!take(rest, ' ') || !take_hex(rest, kWordDigits, value)) return false;
  }
  if (!take(rest, ' ') || !take_hex(rest, 4, type) || !take(rest, ' ') || !take_hex(rest, 2, value)) return false;
  if (!take(rest, ' ')) return false;
  Scanner scanner(rest);
  if (!scanner.number(socket.inode)) return false;
  socket.type = static_cast<uint32_t>(type);
  std::string_view name = scanner.rest();
  // One blank precedes the name. The name itself may begin with blanks.
  if (!name.empty() && !take(name, ' ')) return false;
  socket.name = name;
  return true;
}

bool parse_connection_state(uint8_t number, ConnectionState& state) {
  if (number == kNewSynRecv) {
    state = ConnectionState::kSynRecv;
    return true;
  }
  if (number < kEstablished || number > kClosing) return false;
  state = static_cast<ConnectionState>(number - kEstablished);
  return true;
}

}  // namespace psutil
