#include "binding/loop_poll.h"

#include <node_api.h>

#include <cstdlib>

// Weak: a program that has no libuv loads the addon all the same. https://docs.libuv.org/en/v1.x/poll.html
extern "C" {
#define PSUTIL_OF_PROGRAM __attribute__((weak, visibility("default")))
PSUTIL_OF_PROGRAM size_t uv_handle_size(int type);
PSUTIL_OF_PROGRAM int uv_poll_init(uv_loop_s* loop, void* handle, int fd);
PSUTIL_OF_PROGRAM int uv_poll_start(void* handle, int events, void (*ready)(void* handle, int status, int events));
PSUTIL_OF_PROGRAM void uv_close(void* handle, void (*closed)(void* handle));
PSUTIL_OF_PROGRAM void uv_unref(void* handle);
PSUTIL_OF_PROGRAM void* uv_handle_get_data(const void* handle);
PSUTIL_OF_PROGRAM void uv_handle_set_data(void* handle, void* data);
}

namespace psutil {
namespace {

constexpr int kPollHandle = 8;  // UV_POLL
constexpr int kReadable = 1;    // UV_READABLE

}  // namespace

// Lives until the loop has let go of the handle, and the environment waits for that.
struct LoopPoll::Polled {
  void* handle;
  void (*ready)(void*);
  void* argument;
  napi_async_cleanup_hook_handle hook;
  LoopPoll* owner;  // null once it is closing

  void close() {
    if (owner == nullptr) return;
    owner->polled_ = nullptr;
    owner = nullptr;
    uv_close(handle, [](void* closed) {
      auto* self = static_cast<Polled*>(uv_handle_get_data(closed));
      napi_remove_async_cleanup_hook(self->hook);
      std::free(self->handle);
      std::free(self);
    });
  }
};

const char* LoopPoll::start(Napi::Env env, int descriptor, void (*ready)(void*), void* argument) {
  if (uv_handle_size == nullptr || uv_poll_init == nullptr) return "uv_poll_init";
  uv_loop_s* loop = nullptr;
  if (napi_get_uv_event_loop(env, &loop) != napi_ok) return "napi_get_uv_event_loop";
  auto* polled = static_cast<Polled*>(std::malloc(sizeof(Polled)));
  void* handle = std::malloc(uv_handle_size(kPollHandle));
  if (polled == nullptr || handle == nullptr || uv_poll_init(loop, handle, descriptor) != 0) {
    std::free(polled);
    std::free(handle);
    return "uv_poll_init";
  }
  *polled = {handle, ready, argument, nullptr, this};
  uv_handle_set_data(handle, polled);
  uv_unref(handle);
  uv_poll_start(handle, kReadable, [](void* readable, int, int) {
    auto* self = static_cast<Polled*>(uv_handle_get_data(readable));
    self->ready(self->argument);
  });
  // When the environment ends before its owner is collected.
  napi_add_async_cleanup_hook(
      env, [](napi_async_cleanup_hook_handle, void* ending) { static_cast<Polled*>(ending)->close(); }, polled, &polled->hook);
  polled_ = polled;
  return nullptr;
}

void LoopPoll::stop() {
  if (polled_ != nullptr) polled_->close();
}

}  // namespace psutil
