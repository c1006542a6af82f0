// A descriptor that the event loop of an environment polls. libuv's functions are those of the program that loads the addon, and are
// declared here: its headers are not needed, as its handles have a size that it reports itself.
#pragma once

#include <napi.h>

namespace psutil {

class LoopPoll {
 public:
  LoopPoll() = default;
  ~LoopPoll() { stop(); }
  LoopPoll(const LoopPoll&) = delete;
  LoopPoll& operator=(const LoopPoll&) = delete;

  // Calls `ready(argument)` in the loop while the descriptor is readable; does not keep the loop alive. Returns null, or the name of
  // what this program lacks.
  const char* start(Napi::Env env, int descriptor, void (*ready)(void*), void* argument);
  bool is_started() const { return polled_ != nullptr; }

  // The descriptor may be closed then.
  void stop();

  struct Polled;

 private:
  Polled* polled_ = nullptr;
};

}  // namespace psutil
