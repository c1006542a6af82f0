// Messages of the kernel's process connector: include/uapi/linux/cn_proc.h and connector.h. Pure: it reads bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace psutil {

// What a message is about, as the kernel numbers it. All else is of no interest here.
enum class ConnectorEvent : uint32_t {
  kAcknowledged = 0,
  kFork = 0x1,
  kExec = 0x2,
  kComm = 0x200,
  kExit = 0x80000000,
};

struct ConnectorMessage {
  ConnectorEvent what;
  uint32_t cpu;
  uint32_t sequence;  // counts the messages of that processor
  uint32_t answers;   // of an acknowledgement, the number of the request and one
  uint64_t time;      // nanoseconds of CLOCK_MONOTONIC
  int32_t thread;     // the new one, of a fork
  int32_t process;    // that the thread is of
  int32_t value;      // of a fork the parent, of an exit the status, of an acknowledgement the errno
  std::string_view name;  // the new one
};

// False where the bytes are no such message.
bool parse_connector_message(std::string_view bytes, ConnectorMessage& message);

// The request to send all events, or none any more. All listeners receive its acknowledgement, which has its number.
constexpr size_t kRequestBytes = 40;
void write_request(bool listens, uint32_t number, char (&bytes)[kRequestBytes]);

}  // namespace psutil
