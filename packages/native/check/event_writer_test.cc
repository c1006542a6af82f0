// core/event_writer.h: events as they cross threads.
#include "core/event_writer.h"

#include <cstring>

#include "harness/check.h"

using namespace psutil;

TEST("an event has its texts behind its head, and the next one begins at a multiple of 8") {
  EventWriter events;
  EXPECT(events.put({ProcessEvent::kExec, 12, 3, 1.5, 2.5, "name", "/path"}));
  EXPECT(events.put({ProcessEvent::kLost, 0, 7, 0, 0, {}, {}}));
  EXPECT(events.size() == 56 + 40);
  int32_t numbers[4];
  std::memcpy(numbers, events.data(), sizeof numbers);
  EXPECT(numbers[0] == 56 && numbers[1] == ProcessEvent::kExec && numbers[2] == 12 && numbers[3] == 3);
  EXPECT(std::memcmp(events.data() + 40, "name/path\0\0\0\0\0\0\0", 16) == 0);
  std::memcpy(numbers, events.data() + 56, sizeof numbers);
  EXPECT(numbers[0] == 40 && numbers[1] == ProcessEvent::kLost && numbers[3] == 7);
}

TEST("a message of events is full before it is large") {
  EventWriter events;
  size_t count = 0;
  for (; !events.is_full(); count++) EXPECT(events.put({ProcessEvent::kFork, 1, 1, 0, 0, {}, {}}));
  EXPECT(count > 1000 && events.size() < 1 << 20);
}
