#include "binding/loop_poll.h"

#include <cstdlib>

// Weak: a program that has no libuv loads the addon all the same.
extern "C" {
#define PSUTIL_OF_PROGRAM __attribute__((weak, visibility("default")))
struct uv_handle_s;
using uv_poll_callback = void (*)(uv_handle_s* handle, int status, int events);
using uv_close_callback = void (*)(uv_handle_s* handle);
PSUTIL_OF_PROGRAM size_t uv_handle_size(int type);
PSUTIL_OF_PROGRAM void uv_handle_set_data(uv_handle_s* handle, void* data);
PSUTIL_OF_PROGRAM void* uv_handle_get_data(const uv_handle_s* handle);
PSUTIL_OF_PROGRAM int uv_poll_init(uv_loop_s* loop, uv_handle_s* handle, int fd);
PSUTIL_OF_PROGRAM int uv_poll_start(uv_handle_s* handle, int events, uv_poll_callback callback);
PSUTIL_OF_PROGRAM int uv_poll_stop(uv_handle_s* handle);
PSUTIL_OF_PROGRAM void uv_unref(uv_handle_s* handle);
PSUTIL_OF_PROGRAM void uv_close(uv_handle_s* handle, uv_close_callback callback);
}

namespace psutil {

struct LoopPoll::Polled {
  napi_env env;
  uv_handle_s* handle;
  napi_ref on_readable;
  napi_async_context context;
  napi_async_cleanup_hook_handle hook;
  LoopPoll* owner;  // null once it is closing

  void close();
};

namespace {

using Polled = LoopPoll::Polled;

constexpr int kPollHandle = 8;  // UV_POLL
constexpr int kReadable = 1;    // UV_READABLE

Polled* polled_by(const uv_handle_s* handle) { return static_cast<Polled*>(uv_handle_get_data(handle)); }

void call_back(uv_handle_s* handle, int, int) {
  const Polled* polled = polled_by(handle);
  napi_env env = polled->env;
  napi_handle_scope scope;
  if (napi_open_handle_scope(env, &scope) != napi_ok) return;
  napi_value function;
  napi_value receiver;
  if (napi_get_reference_value(env, polled->on_readable, &function) == napi_ok && napi_get_global(env, &receiver) == napi_ok &&
      napi_make_callback(env, polled->context, receiver, function, 0, nullptr, nullptr) == napi_pending_exception) {
    napi_value error;
    if (napi_get_and_clear_last_exception(env, &error) == napi_ok) napi_fatal_exception(env, error);
  }
  napi_close_handle_scope(env, scope);
}

// The loop has let go of it; the environment, if it is ending, may go on.
void closed(uv_handle_s* handle) {
  Polled* polled = polled_by(handle);
  const napi_async_cleanup_hook_handle hook = polled->hook;
  std::free(handle);
  std::free(polled);
  if (hook != nullptr) napi_remove_async_cleanup_hook(hook);
}

// The environment ends before its owner is collected, and its loop must have no handles then. If it is being closed already,
// closed() lets the environment go on.
void clean_up(napi_async_cleanup_hook_handle, void* data) { static_cast<Polled*>(data)->close(); }

}  // namespace

void LoopPoll::Polled::close() {
  if (owner == nullptr) return;
  owner->polled_ = nullptr;
  owner = nullptr;
  if (on_readable != nullptr) napi_delete_reference(env, on_readable);
  if (context != nullptr) napi_async_destroy(env, context);
  uv_close(handle, closed);
}

const char* LoopPoll::open(Napi::Function on_readable, int fd) {
  Napi::Env env = on_readable.Env();
  if (uv_handle_size == nullptr || uv_poll_init == nullptr) return "uv_poll_init";
  uv_loop_s* loop = nullptr;
  if (napi_get_uv_event_loop(env, &loop) != napi_ok) return "napi_get_uv_event_loop";
  auto* polled = static_cast<Polled*>(std::malloc(sizeof(Polled)));
  auto* handle = static_cast<uv_handle_s*>(std::malloc(uv_handle_size(kPollHandle)));
  if (polled == nullptr || handle == nullptr || uv_poll_init(loop, handle, fd) != 0) {
    std::free(polled);
    std::free(handle);
    return "uv_poll_init";
  }
  *polled = {env, handle, nullptr, nullptr, nullptr, this};
  polled_ = polled;
  uv_handle_set_data(handle, polled);
  uv_unref(handle);
  napi_value name = Napi::String::New(env, "psutil-extra");
  if (napi_create_reference(env, on_readable, 1, &polled->on_readable) != napi_ok ||
      napi_async_init(env, nullptr, name, &polled->context) != napi_ok ||
      napi_add_async_cleanup_hook(env, clean_up, polled, &polled->hook) != napi_ok) {
    close();
    return "napi_async_init";
  }
  start();
  return nullptr;
}

void LoopPoll::start() {
  if (polled_ != nullptr) uv_poll_start(polled_->handle, kReadable, call_back);
}

void LoopPoll::stop() {
  if (polled_ != nullptr) uv_poll_stop(polled_->handle);
}

void LoopPoll::close() {
  if (polled_ != nullptr) polled_->close();
}

}  // namespace psutil
