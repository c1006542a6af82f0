#include "harness/recorded.h"

#include <dirent.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace check {
namespace {

[[noreturn]] void give_up(const std::string& path) {
  std::fprintf(stderr, "%s cannot be read\n", path.c_str());
  std::exit(2);
}

std::string path_of(std::string_view kind) { return std::string(recorded_folder) + '/' + std::string(kind); }

}  // namespace

const char* recorded_folder;

Bytes::Bytes(std::string_view text) : data_(static_cast<char*>(std::malloc(text.size()))), size_(text.size()) {
  if (size_ > 0) std::memcpy(data_, text.data(), size_);
}

Bytes::Bytes(Bytes&& other) noexcept : data_(other.data_), size_(other.size_) {
  other.data_ = nullptr;
  other.size_ = 0;
}

Bytes::~Bytes() { std::free(data_); }

std::string recorded(std::string_view kind, std::string_view name) {
  const std::string path = path_of(kind) + '/' + std::string(name);
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) give_up(path);
  std::string text(64 * 1024, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file));
  std::fclose(file);
  if (text.empty()) give_up(path);
  return text;
}

std::vector<std::string> recorded_names(std::string_view kind) {
  const std::string path = path_of(kind);
  DIR* directory = opendir(path.c_str());
  if (directory == nullptr) give_up(path);
  std::vector<std::string> names;
  while (const dirent* entry = readdir(directory)) {
    if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
  }
  closedir(directory);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace check
