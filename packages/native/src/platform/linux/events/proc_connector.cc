#include "platform/linux/events/proc_connector.h"

#include <cstring>

namespace psutil {
namespace {

// A message is these, one behind the other: struct nlmsghdr, struct cn_msg, struct proc_event.
struct NetlinkHead {
  uint32_t length;
  uint16_t type;
  uint16_t flags;
  uint32_t sequence;
  uint32_t port;
};

struct ConnectorHead {
  uint32_t index;
  uint32_t value;
  uint32_t sequence;
  uint32_t acknowledges;
  uint16_t length;
  uint16_t flags;
};
static_assert(sizeof(NetlinkHead) + sizeof(ConnectorHead) == 36);

struct EventHead {
  uint32_t what;
  uint32_t cpu;
  uint64_t time;
};

constexpr uint32_t kProcesses = 1;  // CN_IDX_PROC, CN_VAL_PROC
constexpr uint32_t kListen = 1;     // PROC_CN_MCAST_LISTEN
constexpr uint32_t kIgnore = 2;     // PROC_CN_MCAST_IGNORE
constexpr uint16_t kDone = 3;       // NLMSG_DONE

template <typename T>
bool take(std::string_view& bytes, T& value) {
  if (bytes.size() < sizeof value) return false;
  // Behind the first two nothing is aligned.
  std::memcpy(&value, bytes.data(), sizeof value);
  bytes.remove_prefix(sizeof value);
  return true;
}

}  // namespace

bool parse_connector_message(std::string_view bytes, ConnectorMessage& message) {
  NetlinkHead netlink;
  ConnectorHead connector;
  EventHead head;
  if (!take(bytes, netlink) || !take(bytes, connector) || !take(bytes, head)) return false;
  if (netlink.type != kDone || connector.index != kProcesses || connector.value != kProcesses) return false;
  message = {static_cast<ConnectorEvent>(head.what), head.cpu, connector.sequence, connector.acknowledges, head.time, 0, 0, 0, {}};
  int32_t numbers[4] = {};
  switch (message.what) {
    case ConnectorEvent::kAcknowledged:
      return take(bytes, message.value);
    case ConnectorEvent::kFork:
      // The parent's thread and process, the child's thread and process.
      if (!take(bytes, numbers)) return false;
      message.value = numbers[1];
      message.thread = numbers[2];
      message.process = numbers[3];
      return true;
    case ConnectorEvent::kExec:
      return take(bytes, message.thread) && take(bytes, message.process);
    case ConnectorEvent::kExit:
      return take(bytes, message.thread) && take(bytes, message.process) && take(bytes, message.value);
    case ConnectorEvent::kComm: {
      constexpr size_t kName = 16;
      if (!take(bytes, message.thread) || !take(bytes, message.process) || bytes.size() < kName) return false;
      message.name = bytes.substr(0, strnlen(bytes.data(), kName));
      return true;
    }
  }
  // One that is of no interest still counts.
  return true;
}

void write_request(bool listens, uint32_t number, char (&bytes)[kRequestBytes]) {
  const uint32_t operation = listens ? kListen : kIgnore;
  const NetlinkHead netlink = {kRequestBytes, kDone, 0, 0, 0};
  const ConnectorHead connector = {kProcesses, kProcesses, 0, number, sizeof operation, 0};
  std::memcpy(bytes, &netlink, sizeof netlink);
  std::memcpy(bytes + sizeof netlink, &connector, sizeof connector);
  std::memcpy(bytes + sizeof netlink + sizeof connector, &operation, sizeof operation);
}

}  // namespace psutil
