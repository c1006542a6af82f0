// core/dictionary.h: each distinct value once.
#include "core/dictionary.h"

#include "harness/check.h"
#include "harness/recorded.h"

using psutil::Dictionary;

namespace {

uint32_t intern(Dictionary& dictionary, std::string_view value) {
  const check::Bytes bytes(value);
  return dictionary.intern(bytes.text().data(), bytes.text().size());
}

std::string value(const Dictionary& dictionary, uint32_t entry) {
  const uint32_t begin = entry == 0 ? 0 : dictionary.ends()[entry - 1];
  const auto* bytes = reinterpret_cast<const char*>(dictionary.bytes().data());
  return std::string(bytes + begin, dictionary.ends()[entry] - begin);
}

// Long and short values, with all kinds of hashes.
std::string made(uint32_t i) { return std::to_string(i * 2654435761u) + std::string(i % 11, '.'); }

}  // namespace

TEST("the same bytes have the same number, in whatever order they come again") {
  Dictionary dictionary;
  EXPECT_EQ(intern(dictionary, "a"), 0);
  EXPECT_EQ(intern(dictionary, "b"), 1);
  EXPECT_EQ(intern(dictionary, "b"), 1);
  EXPECT_EQ(intern(dictionary, "a"), 0);
  EXPECT_EQ(intern(dictionary, "c"), 2);
  EXPECT_EQ(dictionary.count(), 3);
}

TEST("values are kept one behind the other") {
  Dictionary dictionary;
  for (const char* word : {"one", "", "three"}) intern(dictionary, word);
  EXPECT_EQ(dictionary.count(), 3);
  EXPECT_EQ(value(dictionary, 0), "one");
  EXPECT_EQ(value(dictionary, 1), "");
  EXPECT_EQ(value(dictionary, 2), "three");
  EXPECT_EQ(dictionary.bytes().size(), 8);
}

TEST("no bytes are a value too, and may be the only one") {
  Dictionary dictionary;
  EXPECT_EQ(dictionary.intern(nullptr, 0), 0);
  EXPECT_EQ(dictionary.intern(nullptr, 0), 0);
  EXPECT_EQ(dictionary.count(), 1);
}

TEST("values that begin alike, or differ in length alone, are different") {
  Dictionary dictionary;
  uint32_t next = 0;
  for (size_t length = 0; length < 40; length++) EXPECT_EQ(intern(dictionary, std::string(length, '\0')), next++);
  for (size_t length = 0; length < 40; length++) {
    EXPECT_EQ(intern(dictionary, std::string(length, '\0') + "x"), next++);
  }
}

TEST("two hundred thousand values keep their numbers while it grows") {
  // So many values that several share a hash of 32 bits.
  constexpr uint32_t kValues = 200'000;
  Dictionary dictionary;
  for (uint32_t i = 0; i < kValues; i++) EXPECT_EQ(intern(dictionary, made(i)), i);
  for (uint32_t i = kValues; i-- > 0;) EXPECT_EQ(intern(dictionary, made(i)), i);
  EXPECT_EQ(dictionary.count(), kValues);
  EXPECT_EQ(value(dictionary, 123'456), made(123'456));
}

TEST("cleared, it starts over and knows nothing of before") {
  Dictionary dictionary;
  for (uint32_t i = 0; i < 1000; i++) intern(dictionary, made(i));
  dictionary.clear();
  EXPECT_EQ(dictionary.count(), 0);
  EXPECT_EQ(dictionary.bytes().size(), 0);
  // The last value before is not the last value now.
  EXPECT_EQ(intern(dictionary, made(999)), 0);
  EXPECT_EQ(intern(dictionary, made(0)), 1);
  EXPECT_EQ(value(dictionary, 1), made(0));
}

TEST("an empty one may be cleared") {
  Dictionary dictionary;
  dictionary.clear();
  EXPECT_EQ(intern(dictionary, "a"), 0);
}

TEST("when it is cleared, it frees the memory of a very large value") {
  Dictionary dictionary;
  intern(dictionary, std::string(3 << 20, 'x'));
  dictionary.clear();
  EXPECT(dictionary.bytes().capacity() <= 1 << 20);
  EXPECT_EQ(intern(dictionary, "small"), 0);
  EXPECT_EQ(value(dictionary, 0), "small");
}

TEST("clearing costs in proportion to what it holds, not to what it ever held") {
  constexpr uint32_t kOutlier = 100'000;
  for (const uint32_t held : {0u, 1u, 10u, 1000u, 20'000u}) {
    check::About about(std::to_string(held) + " values after an outlier");
    Dictionary dictionary;
    for (uint32_t i = 0; i < kOutlier; i++) intern(dictionary, made(i));
    dictionary.clear();
    for (uint32_t i = 0; i < held; i++) EXPECT_EQ(intern(dictionary, made(i)), i);
    EXPECT(dictionary.clear() <= size_t{held} * 16);
  }
}

TEST("cleared slot by slot or all at once, it knows nothing of before") {
  Dictionary dictionary;
  for (uint32_t round = 0; round < 50; round++) {
    // Many values, so that it grows; then few, whose chains of slots cross; then many again.
    const uint32_t count = round % 3 == 0 ? 5000 : 1 + round * 7;
    check::About about("round " + std::to_string(round));
    for (uint32_t i = 0; i < count; i++) EXPECT_EQ(intern(dictionary, made(round * 10'000 + i)), i);
    for (uint32_t i = count; i-- > 0;) EXPECT_EQ(intern(dictionary, made(round * 10'000 + i)), i);
    EXPECT_EQ(dictionary.count(), count);
    dictionary.clear();
    EXPECT_EQ(dictionary.count(), 0);
  }
}

TEST("its memory shrinks a few small reads after an outlier, and stays where large reads come again") {
  const auto read = [](Dictionary& dictionary, uint32_t count) {
    dictionary.clear();
    for (uint32_t i = 0; i < count; i++) intern(dictionary, made(i));
  };
  Dictionary dictionary;
  read(dictionary, 100'000);
  const size_t outlier = dictionary.footprint();
  EXPECT(outlier > 2'000'000);
  for (int again = 0; again < 5; again++) {
    for (int small = 0; small < 5; small++) read(dictionary, 1);
    read(dictionary, 100'000);
    EXPECT_EQ(dictionary.footprint(), outlier);
  }
  for (int small = 0; small < 20; small++) read(dictionary, 1);
  EXPECT(dictionary.footprint() < 300'000);
  // Memory that was idle once is not freed after each use.
  const size_t left = dictionary.footprint();
  for (int small = 0; small < 20; small++) read(dictionary, 1);
  EXPECT_EQ(dictionary.footprint(), left);
}
