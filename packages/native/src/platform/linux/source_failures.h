// Why sources of a process could not be read.
#pragma once

#include "core/failure.h"
#include "platform/linux/source_table.h"

namespace psutil {

// There is one for each process that is read, and few processes have any failure. So nothing is written before the first.
class SourceFailures {
 public:
  // A failure's place is written before its bit is set, and read only if the bit is set.
  SourceFailures() {}  // NOLINT(modernize-use-equals-default): the default one would write them all

  // What these sources have last failed with, or that they have not.
  void note(SourceSet sources, const Failure& failure) {
    failed_ &= ~sources;
    gone_ &= ~sources;
    if (failure.ok()) return;
    for_each_source(sources, [&](Source source) { failures_[index_of(source)] = failure; });
    failed_ |= sources;
    if (failure.kind == Failure::Kind::kGone) gone_ |= sources;
  }

  // The sources that have failed, and those of them that have shown that the process is gone.
  SourceSet failed() const { return failed_; }
  SourceSet gone() const { return gone_; }

  // The failure of the first of these, which have failed.
  const Failure& first_of(SourceSet sources) const { return failures_[__builtin_ctz(sources)]; }

 private:
  SourceSet failed_ = 0;
  SourceSet gone_ = 0;
  union {
    Failure failures_[kSourceCount];
  };
};

}  // namespace psutil
