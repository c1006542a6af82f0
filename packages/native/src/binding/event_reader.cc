#include "binding/event_reader.h"

#include <cstring>

#include "binding/reader.h"
#include "platform/backend.h"
#include "platform/shared/errno.h"

namespace psutil {
namespace {

bool is_true(const Napi::CallbackInfo& info) {
  return info.Length() > 0 && info[0].IsBoolean() && info[0].As<Napi::Boolean>().Value();
}

constexpr size_t kMaxSources = sizeof OpenedEvents::failures / sizeof(Failure);

}  // namespace

Napi::Function EventReader::constructor(Napi::Env env) {
  return DefineClass(env, "EventReader",
                     {InstanceMethod<&EventReader::open>("open"), InstanceMethod<&EventReader::read>("read"),
                      InstanceMethod<&EventReader::listen>("listen"),
                      InstanceMethod<&EventReader::want_renames>("wantRenames"),
                      InstanceMethod<&EventReader::close>("close")});
}

Napi::Value EventReader::open(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  double sources;
  if (info.Length() < 2 || napi_get_value_double(env, info[0], &sources) != napi_ok || !(sources >= 0 && sources < 256) ||
      !info[1].IsFunction()) {
    if (!env.IsExceptionPending()) {
      Napi::TypeError::New(env, "The \"sources\" argument must be a number, and \"onReadable\" a function")
          .ThrowAsJavaScriptException();
    }
    return env.Undefined();
  }
  loop_.close();
  feed_.reset();
  const Capabilities able = capabilities();
  OpenedEvents opened;
  if (able.open_events != nullptr) opened = able.open_events(static_cast<EventSources>(sources));
  if (opened.feed != nullptr) {
    feed_ = std::move(opened.feed);
    const char* lacking = loop_.open(info[1].As<Napi::Function>(), feed_->fd());
    if (lacking == nullptr) {
      Napi::Object answer = Napi::Object::New(env);
      answer.Set("source", static_cast<double>(opened.source));
      return answer;
    }
    feed_.reset();
    opened.failures[opened.source] = unsupported(lacking);
  }
  Napi::Array failures = Napi::Array::New(env);
  for (uint32_t i = 0; i < kMaxSources; i++) {
    const Failure& failure = opened.failures[i];
    failures.Set(i, failure.ok() ? env.Null() : failure_object(env, failure));
  }
  return failures;
}

Napi::Value EventReader::read(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  events_.clear();
  const Failure failure = feed_ == nullptr ? Failure{} : feed_->read(events_);
  if (!failure.ok()) return failure_object(env, failure);
  // In a thread that has been terminated meanwhile no object can be created.
  Napi::ArrayBuffer buffer = Napi::ArrayBuffer::New(env, events_.size());
  if (buffer.IsEmpty()) return env.Undefined();
  if (events_.size() > 0) std::memcpy(buffer.Data(), events_.data(), events_.size());
  return buffer;
}

void EventReader::listen(const Napi::CallbackInfo& info) {
  if (is_true(info)) {
    loop_.start();
  } else {
    loop_.stop();
  }
}

void EventReader::want_renames(const Napi::CallbackInfo& info) {
  if (feed_ != nullptr) feed_->want_renames(is_true(info));
}

void EventReader::close(const Napi::CallbackInfo&) {
  loop_.close();
  feed_.reset();
}

}  // namespace psutil
