#include "platform/log/log.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <ctime>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace asc::log {
namespace {

// About 16,000 lines: a third of a second of full load while the disk or the reader of the pipe
// stalls.
constexpr std::size_t kBufferBytesMax = 4 << 20;
// More than this is written without waiting for the next round.
constexpr std::size_t kBufferBytesHigh = 64 << 10;
// A line stands in the log this much later at most, unless it is a warning or an error.
constexpr std::chrono::milliseconds kWriteEvery{100};

// Collects lines and writes them in large pieces. Waking another thread for each line costs more
// than the line, so lines of level info wait for the writer's next round.
class Writer {
 public:
  explicit Writer(std::string name) : name_(std::move(name)), thread_([this] { Run(); }) {}
  ~Writer() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    ready_.notify_one();
    thread_.join();
  }

  const std::string& name() const { return name_; }
  std::int64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

  void Add(const std::string& line, bool at_once) {
    bool wake = at_once;
    {
      const std::lock_guard lock(mutex_);
      if (waiting_.size() + line.size() > kBufferBytesMax) {
        dropped_.fetch_add(1, std::memory_order_relaxed);
        return;
      }
      const bool was_low = waiting_.size() < kBufferBytesHigh;
      waiting_ += line;
      wake = wake || (was_low && waiting_.size() >= kBufferBytesHigh);
      urgent_ = urgent_ || wake;
    }
    if (wake) ready_.notify_one();
  }

 private:
  void Run() {
    std::string writing;
    std::unique_lock lock(mutex_);
    while (!stopping_ || !waiting_.empty()) {
      ready_.wait_for(lock, kWriteEvery, [this] { return stopping_ || urgent_; });
      urgent_ = false;
      writing.clear();
      writing.swap(waiting_);
      lock.unlock();
      WriteAll(writing);
      lock.lock();
    }
  }

  static void WriteAll(const std::string& text) {
    for (std::size_t done = 0; done < text.size();) {
      const auto written = write(STDERR_FILENO, text.data() + done, text.size() - done);
      if (written < 0 && errno == EINTR) continue;
      // Nobody reads the log any more; the server goes on.
      if (written <= 0) return;
      done += static_cast<std::size_t>(written);
    }
  }

  const std::string name_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::string waiting_;
  bool urgent_ = false;
  bool stopping_ = false;
  std::atomic<std::int64_t> dropped_{0};
  std::thread thread_;
};

// Shared, so that a thread that still logs while Stop runs keeps what it uses.
std::mutex g_mutex;
std::shared_ptr<Writer> g_writer;
// Says whether there is one, without the lock.
std::atomic<bool> g_on{false};

std::shared_ptr<Writer> CurrentWriter() {
  // Each thread keeps the writer it saw first, so that a line takes no lock but the writer's own.
  thread_local std::weak_ptr<Writer> seen;
  if (auto writer = seen.lock()) return writer;
  const std::lock_guard lock(g_mutex);
  seen = g_writer;
  return g_writer;
}

// "2025-02-13T09:30:00", made once a second and thread: formatting it costs more than all the rest
// of a line.
const std::string& SecondAsText(std::time_t second) {
  thread_local std::time_t last = -1;
  thread_local std::string text;
  if (second != last) {
    std::tm utc{};
    gmtime_r(&second, &utc);
    char out[24];
    const std::size_t length = std::strftime(out, sizeof out, "%Y-%m-%dT%H:%M:%S", &utc);
    text.assign(out, length);
    last = second;
  }
  return text;
}

void AppendNow(std::string& text) {
  const auto now = std::chrono::system_clock::now();
  const auto us =
      std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count();
  text += SecondAsText(us / 1000000);
  char fraction[] = ".000000Z";
  auto rest = us % 1000000;
  for (int i = 6; i > 0; --i, rest /= 10) fraction[i] = static_cast<char>('0' + rest % 10);
  text.append(fraction, sizeof fraction - 1);
}

void AppendQuoted(std::string& out, const char* data, std::size_t size) {
  out.push_back('"');
  const bool plain = std::all_of(data, data + size, [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
  });
  if (plain) {
    out.append(data, size);
    out.push_back('"');
    return;
  }
  for (std::size_t i = 0; i < size; ++i) {
    const unsigned char c = static_cast<unsigned char>(data[i]);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(static_cast<char>(c));
    } else if (c < 0x20) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", c);
      out.append(escaped);
    } else {
      out.push_back(static_cast<char>(c));
    }
  }
  out.push_back('"');
}

const char* NameOf(Level level) {
  switch (level) {
    case Level::kInfo:
      return "info";
    case Level::kWarning:
      return "warning";
    case Level::kError:
      return "error";
  }
  return "info";
}

}  // namespace

void Start(const std::string& name) {
  const std::lock_guard lock(g_mutex);
  if (g_writer != nullptr) return;
  g_writer = std::make_shared<Writer>(name);
  g_on.store(true);
}

void Stop() {
  g_on.store(false);
  std::shared_ptr<Writer> last;
  {
    const std::lock_guard lock(g_mutex);
    last.swap(g_writer);
  }
}

std::int64_t Dropped() {
  const auto writer = CurrentWriter();
  return writer == nullptr ? 0 : writer->dropped();
}

Line::Line(Level level, const char* event)
    : level_(level), on_(g_on.load(std::memory_order_relaxed)) {
  if (!on_) return;
  text_.reserve(240);
  text_ += "{\"at\":\"";
  AppendNow(text_);
  text_ += "\",\"level\":\"";
  text_ += NameOf(level);
  text_ += "\",\"server\":\"";
  if (const auto writer = CurrentWriter()) text_ += writer->name();
  text_ += "\",\"event\":\"";
  text_ += event;
  text_.push_back('"');
}

Line::~Line() {
  if (!on_) return;
  text_ += "}\n";
  if (const auto writer = CurrentWriter()) writer->Add(text_, level_ != Level::kInfo);
}

void Line::Key(const char* key) {
  text_ += ",\"";
  text_ += key;
  text_ += "\":";
}

Line& Line::Add(const char* key, const std::string& value) {
  if (!on_) return *this;
  Key(key);
  AppendQuoted(text_, value.data(), value.size());
  return *this;
}

Line& Line::Add(const char* key, const char* value) { return Add(key, std::string(value)); }

Line& Line::Add(const char* key, std::int64_t value) {
  if (!on_) return *this;
  Key(key);
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  text_.append(digits, end);
  return *this;
}

Line& Line::Add(const char* key, bool value) {
  if (!on_) return *this;
  Key(key);
  text_ += value ? "true" : "false";
  return *this;
}

std::string Quoted(const std::string& text) {
  std::string out;
  AppendQuoted(out, text.data(), text.size());
  return out;
}

}  // namespace asc::log
