// platform/linux/events/proc_connector.cc: messages of the kernel's process connector. test/events has them from the kernel.
#include "platform/linux/events/proc_connector.h"

#include <cstring>
#include <string>

#include "harness/check.h"

using namespace psutil;

namespace {

void put(std::string& bytes, uint32_t number) { bytes.append(reinterpret_cast<const char*>(&number), sizeof number); }

// A message with these numbers behind its heads.
std::string message_of(uint32_t what, std::initializer_list<uint32_t> numbers, uint32_t index = 1, uint16_t type = 3) {
  std::string bytes;
  put(bytes, 76);
  bytes.append(reinterpret_cast<const char*>(&type), sizeof type);
  bytes.append(2, '\0');
  put(bytes, 0);
  put(bytes, 0);
  put(bytes, index);
  put(bytes, 1);
  put(bytes, 41);  // the sequence
  put(bytes, 13);  // of an acknowledgement, the number of the request and one
  put(bytes, 40);
  put(bytes, what);
  put(bytes, 7);  // the processor
  put(bytes, 1000);
  put(bytes, 0);
  for (uint32_t number : numbers) put(bytes, number);
  return bytes;
}

bool parse(const std::string& bytes, ConnectorMessage& message) { return parse_connector_message(bytes, message); }

}  // namespace

TEST("a message of the process connector says what has begun, with its process's parent") {
  ConnectorMessage message;
  EXPECT(parse(message_of(0x1, {10, 11, 12, 13}), message));
  EXPECT(message.what == ConnectorEvent::kFork);
  EXPECT(message.value == 11 && message.thread == 12 && message.process == 13);
  EXPECT(message.cpu == 7 && message.sequence == 41 && message.answers == 13 && message.time == 1000);
}

TEST("a message of the process connector says what has executed a program, has ended, or is renamed") {
  ConnectorMessage message;
  EXPECT(parse(message_of(0x2, {12, 13}), message));
  EXPECT(message.what == ConnectorEvent::kExec && message.thread == 12 && message.process == 13);
  EXPECT(parse(message_of(0x80000000, {12, 13, 0x700, 17}), message));
  EXPECT(message.what == ConnectorEvent::kExit && message.process == 13 && message.value == 0x700);
  std::string renamed = message_of(0x200, {12, 13}) + std::string("name\0garbage....", 16);
  EXPECT(parse(renamed, message));
  EXPECT(message.what == ConnectorEvent::kComm && message.name == "name");
}

TEST("a name of the process connector without a null byte has 16 bytes") {
  ConnectorMessage message;
  std::string renamed = message_of(0x200, {12, 13}) + "0123456789abcdefgh";
  EXPECT(parse(renamed, message));
  EXPECT(message.name == "0123456789abcdef");
}

TEST("a confirmation of the process connector has an errno") {
  ConnectorMessage message;
  EXPECT(parse(message_of(0, {1}), message));
  EXPECT(message.what == ConnectorEvent::kAcknowledged && message.value == 1);
}

TEST("an event of the process connector that is of no interest still counts") {
  ConnectorMessage message;
  EXPECT(parse(message_of(0x40, {}), message));
  EXPECT(message.cpu == 7 && message.sequence == 41);
}

TEST("what is no message of the process connector is refused") {
  ConnectorMessage message;
  EXPECT(!parse(message_of(0x1, {10, 11, 12, 13}, 2), message));
  EXPECT(!parse(message_of(0x1, {10, 11, 12, 13}, 1, 2), message));
  for (uint32_t what : {0x1u, 0x2u, 0x200u, 0x80000000u}) {
    std::string bytes = message_of(what, {10, 11, 12, 13});
    const size_t least = what == 0x1 ? bytes.size() : what == 0x80000000 ? bytes.size() - 4 : what == 0x2 ? bytes.size() - 8 : 0;
    for (size_t length = 0; length < bytes.size(); length++) {
      // In memory of its own, so that reading behind its end is found.
      const std::string part(bytes, 0, length);
      EXPECT(parse(part, message) == (least > 0 && length >= least));
    }
  }
}

TEST("the request to the process connector is what the kernel expects") {
  char bytes[kRequestBytes];
  write_request(true, 12, bytes);
  uint32_t numbers[10];
  std::memcpy(numbers, bytes, sizeof numbers);
  EXPECT(numbers[0] == 40 && (numbers[1] & 0xffff) == 3);
  EXPECT(numbers[4] == 1 && numbers[5] == 1 && (numbers[8] & 0xffff) == 4);
  EXPECT(numbers[7] == 12);
  EXPECT(numbers[9] == 1);
  write_request(false, 12, bytes);
  std::memcpy(numbers, bytes, sizeof numbers);
  EXPECT(numbers[9] == 2);
}
