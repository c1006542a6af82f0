// The sources of events of processes on Linux.
#pragma once

#include "platform/event_feed.h"

namespace psutil {

// In the order in which they are tried; null behind the last.
constexpr const char* kEventSources[] = {"bpf", "netlink", nullptr};

// The backend's function of Capabilities.
OpenedEvents open_events(EventSources sources);

// Each opens one, or returns null and sets the failure.
std::unique_ptr<EventFeed> open_bpf_events(Failure& failure);
std::unique_ptr<EventFeed> open_netlink_events(Failure& failure, bool waits);

}  // namespace psutil
