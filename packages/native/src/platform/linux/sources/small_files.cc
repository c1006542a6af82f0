// Files that hold one value.
#include <cerrno>

#include "core/text.h"
#include "platform/linux/open_process.h"
#include "platform/shared/errno.h"

namespace psutil {
namespace {

Failure put_number(OpenProcess& row, Field field, std::string_view text) {
  int32_t number;
  if (!Scanner(text).number(number)) return failure_of(EIO, "read");
  row.put(field, number);
  return {};
}

// The text up to an end of line or a null byte; null if that is empty or `none`.
Failure put_word(OpenProcess& row, Field field, std::string_view text, std::string_view none) {
  const std::string_view word = text.substr(0, text.find_first_of(std::string_view("\n\0", 2)));
  if (word.empty() || word == none) row.put_null(field);
  else row.put_text(field, word);
  return {};
}

}  // namespace

Failure put_oom_score(OpenProcess& row, std::string_view text) { return put_number(row, Field::oomScore, text); }

Failure put_oom_score_adj(OpenProcess& row, std::string_view text) { return put_number(row, Field::oomScoreAdj, text); }

Failure put_loginuid(OpenProcess& row, std::string_view text) {
  uint32_t uid;
  if (!Scanner(text).number(uid)) return failure_of(EIO, "read");
  if (uid == UINT32_MAX) row.put_null(Field::loginuid);
  else row.put_f64(Field::loginuid, uid);
  return {};
}

Failure put_wchan(OpenProcess& row, std::string_view text) { return put_word(row, Field::wchan, text, "0"); }

Failure put_attr_current(OpenProcess& row, std::string_view text) {
  return put_word(row, Field::securityLabel, text, {});
}

}  // namespace psutil
