#include "platform/shared/pipe.h"

#include <poll.h>

namespace psutil {

bool has_reader(int fd) {
  // Neither of these need be asked for. Linux reports a pipe's end as an error, BSDs as a hangup.
  pollfd polled = {fd, 0, 0};
  return poll(&polled, 1, 0) <= 0 || (polled.revents & (POLLERR | POLLHUP)) == 0;
}

}  // namespace psutil
