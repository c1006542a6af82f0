// The addon's class of events: `new EventReader()`. It belongs to the thread that created it, whose event loop it uses.
#pragma once

#include <napi.h>

#include <memory>

#include "binding/loop_poll.h"
#include "platform/event_feed.h"

namespace psutil {

class EventReader : public Napi::ObjectWrap<EventReader> {
 public:
  static Napi::Function constructor(Napi::Env env);
  explicit EventReader(const Napi::CallbackInfo& info) : Napi::ObjectWrap<EventReader>(info) {}

 private:
  // open(sources: number, onReadable: () => void): { source: number } | (Failure | null)[]
  Napi::Value open(const Napi::CallbackInfo& info);
  // read(): ArrayBuffer | Failure. Everything that there is, or as much as one message shall have.
  Napi::Value read(const Napi::CallbackInfo& info);
  // Whether onReadable is called: listen(wanted: boolean)
  void listen(const Napi::CallbackInfo& info);
  // wantRenames(wanted: boolean)
  void want_renames(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);

  // The loop lets go of the descriptor before it is closed.
  std::unique_ptr<EventFeed> feed_;
  LoopPoll loop_;
  EventWriter events_;
};

}  // namespace psutil
