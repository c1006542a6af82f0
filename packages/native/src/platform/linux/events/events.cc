#include "platform/linux/events/events.h"

namespace psutil {
namespace {

constexpr uint32_t kBpf = 0;
constexpr uint32_t kNetlink = 1;

bool has(EventSources sources, uint32_t source) { return (sources >> source & 1) != 0; }

}  // namespace

OpenedEvents open_events(EventSources sources) {
  OpenedEvents opened;
  const bool waits = (sources & kWithoutWaiting) == 0;
  // To load the program takes as long as many reads.
  if (waits && has(sources, kBpf)) opened.feed = open_bpf_events(opened.failures[kBpf]);
  if (opened.feed == nullptr && has(sources, kNetlink)) {
    opened.source = kNetlink;
    opened.feed = open_netlink_events(opened.failures[kNetlink], waits);
  }
  return opened;
}

}  // namespace psutil
