// A descriptor in the event loop of an environment: a function of JavaScript is called whenever it is readable. No thread waits for
// it, and no call is in flight when a worker ends. libuv's functions are those of the program that loads the addon, and are declared
// here: its ABI is the same in every Node that the addon is for, and its handles have a size that it reports itself.
// https://docs.libuv.org/en/v1.x/poll.html
#pragma once

#include <napi.h>

namespace psutil {

class LoopPoll {
 public:
  LoopPoll() = default;
  ~LoopPoll() { close(); }
  LoopPoll(const LoopPoll&) = delete;
  LoopPoll& operator=(const LoopPoll&) = delete;

  // Calls `on_readable` while the descriptor is readable; does not keep the loop alive. Returns null, or the name of what this
  // program lacks.
  const char* open(Napi::Function on_readable, int fd);
  bool is_open() const { return polled_ != nullptr; }

  // open() has started it.
  void start();
  void stop();

  // From here on the descriptor may be closed.
  void close();

  // What libuv knows. It outlives this, until libuv has let go of it.
  struct Polled;

 private:
  Polled* polled_ = nullptr;
};

}  // namespace psutil
