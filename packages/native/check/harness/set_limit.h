// Sets a limit as the binding does.
#pragma once

#include "platform/backend.h"

// `before` receives the limit that it replaces.
inline psutil::Failure set_limit_of(psutil::Backend& platform, const psutil::ProcessRef& target, uint64_t resource,
                                    const psutil::Limit& limit, psutil::Limit& before) {
  const uint64_t arguments[] = {resource, limit.soft, limit.hard};
  psutil::ActionResult result;
  const psutil::Failure failure = platform.act({psutil::ActionKind::kRlimit, target, arguments}, result);
  if (result.values.size() == 2) before = {result.values[0], result.values[1]};
  return failure;
}
