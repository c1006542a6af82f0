// Instead of libFuzzer: feeds every file of some folders to a harness, and then a number of inputs made from them. The seed is
// fixed, so that a failure can be repeated. `PROGRAM RUNS FOLDER...`
#include <dirent.h>

#include <algorithm>
#include <string>
#include <vector>

#include "harness.h"

namespace {

constexpr size_t kMaxBytes = 16 * 1024;

// https://www.jstatsoft.org/article/view/v008i14, xorshift64.
class Random {
 public:
  size_t below(size_t end) {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return static_cast<size_t>(state_ >> 16) % end;
  }

 private:
  uint64_t state_ = 0x9e3779b97f4a7c15;
};

std::string content(const std::string& path) {
  std::string text(kMaxBytes, '\0');
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return {};
  text.resize(std::fread(text.data(), 1, text.size(), file));
  std::fclose(file);
  return text;
}

void add_folder(const std::string& folder, std::vector<std::string>& inputs) {
  DIR* directory = opendir(folder.c_str());
  if (directory == nullptr) {
    std::fprintf(stderr, "%s cannot be read\n", folder.c_str());
    std::exit(2);
  }
  std::vector<std::string> names;
  while (const dirent* entry = readdir(directory)) {
    if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
  }
  closedir(directory);
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) inputs.push_back(content(folder + '/' + name));
}

void change(std::string& text, const std::vector<std::string>& inputs, Random& random) {
  constexpr char kBytes[] = "\n\t :()-0189afFZ\\\x80\xff";
  const size_t at = text.empty() ? 0 : random.below(text.size());
  switch (random.below(6)) {
    case 0:
      if (!text.empty()) text[at] = kBytes[random.below(sizeof kBytes)];
      return;
    case 1:
      if (!text.empty()) text[at] = static_cast<char>(random.below(256));
      return;
    case 2:
      text.insert(at, 1 + random.below(3), kBytes[random.below(sizeof kBytes)]);
      return;
    case 3:
      text.erase(at, 1 + random.below(8));
      return;
    case 4: {
      // A part of another input.
      const std::string& other = inputs[random.below(inputs.size())];
      const size_t from = other.empty() ? 0 : random.below(other.size());
      text.insert(at, other, from, 1 + random.below(64));
      return;
    }
    default:
      // Rarely, because little of the input is left.
      if (random.below(8) == 0) text.resize(at);
  }
}

void run(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()), input.size());
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) return 2;
  std::vector<std::string> inputs;
  for (int i = 2; i < count; i++) add_folder(arguments[i], inputs);
  if (inputs.empty()) return 2;
  for (const std::string& input : inputs) run(input);
  Random random;
  const long runs = std::atol(arguments[1]);
  for (long i = 0; i < runs; i++) {
    std::string input = inputs[random.below(inputs.size())];
    for (size_t changes = 1 + random.below(6); changes > 0; changes--) change(input, inputs, random);
    input.resize(std::min(input.size(), kMaxBytes));
    run(input);
  }
  std::printf("%zu files, %ld inputs\n", inputs.size(), runs);
  return 0;
}
