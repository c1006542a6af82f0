// Messages of the process connector, which any program may send to a socket of that kind: whatever a message contains, nothing
// outside is read, and a name lies within.
#include "harness.h"
#include "platform/linux/events/proc_connector.h"

using namespace psutil;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const check::Bytes bytes = fuzz::bytes_of(data, size);
  const std::string_view text = bytes.text();
  ConnectorMessage message;
  if (parse_connector_message(text, message) && !message.name.empty()) {
    EXPECT(message.what == ConnectorEvent::kComm && message.name.size() <= 16);
    EXPECT(message.name.data() >= text.data() && message.name.data() + message.name.size() <= text.data() + text.size());
  }
  fuzz::stop_if_failing(text);
  return 0;
}
