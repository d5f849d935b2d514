#include "platform/db/ids.h"

#include <sys/random.h>

#include <atomic>
#include <chrono>
#include <cstdlib>

namespace asc::db {
namespace {

constexpr int kCounterBits = 12;

// Milliseconds and a 12-bit counter in one number, so that one atomic keeps the order. A burst of
// more than 4096 ids in a millisecond runs ahead into the next one instead of waiting.
std::uint64_t NextTick() {
  static std::atomic<std::uint64_t> last{0};
  const std::uint64_t now = static_cast<std::uint64_t>(NowMicros() / 1000) << kCounterBits;
  std::uint64_t seen = last.load(std::memory_order_relaxed);
  while (true) {
    const std::uint64_t next = now > seen ? now : seen + 1;
    if (last.compare_exchange_weak(seen, next, std::memory_order_relaxed)) return next;
  }
}

std::uint64_t Random64() {
  std::uint64_t value = 0;
  // The kernel's generator keeps no state here, so a forked child cannot repeat its parent's ids.
  if (getrandom(&value, sizeof(value), 0) != static_cast<ssize_t>(sizeof(value))) std::abort();
  return value;
}

}  // namespace

std::int64_t NowMicros() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string NewId() {
  const std::uint64_t tick = NextTick();
  const std::uint64_t milliseconds = tick >> kCounterBits;
  const std::uint64_t counter = tick & ((1u << kCounterBits) - 1);
  const std::uint64_t high = milliseconds << 16 | 0x7000u | counter;
  const std::uint64_t low = (Random64() >> 2) | (std::uint64_t{1} << 63);
  static constexpr char kHex[] = "0123456789abcdef";
  std::string id(36, '-');
  int digit = 0;
  for (int place = 0; place < 36; ++place) {
    if (place == 8 || place == 13 || place == 18 || place == 23) continue;
    const std::uint64_t half = digit < 16 ? high : low;
    id[place] = kHex[(half >> (60 - 4 * (digit % 16))) & 0xf];
    ++digit;
  }
  return id;
}

}  // namespace asc::db
