#include "platform/log/log.h"

#include <spdlog/async.h>
#include <spdlog/async_logger.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <memory>
#include <mutex>

namespace asc::log {
namespace {

// 8,192 lines of about 250 bytes are 2 MiB: a second of full load.
constexpr std::size_t kQueueLines = 8192;

// Standard error through one large buffer: spdlog's own sink flushes every line, which costs a
// system call each.
class StderrSink final : public spdlog::sinks::base_sink<std::mutex> {
 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    buffer_.append(message.payload.data(), message.payload.size());
    buffer_.push_back('\n');
    if (buffer_.size() >= 32768) flush_();
  }
  void flush_() override {
    std::fwrite(buffer_.data(), 1, buffer_.size(), stderr);
    std::fflush(stderr);
    buffer_.clear();
  }

 private:
  std::string buffer_;
};

struct State {
  std::string name;
  std::shared_ptr<spdlog::details::thread_pool> pool;
  std::shared_ptr<spdlog::async_logger> logger;
};

// Never destroyed, so that a thread that outlives main may still try to log.
std::atomic<State*> g_state{nullptr};

void AppendNow(std::string& text) {
  const auto now = std::chrono::system_clock::now();
  const auto us =
      std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count();
  const std::time_t seconds = us / 1000000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char out[40];
  const int length = std::snprintf(out, sizeof out, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ",
                                   utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour,
                                   utc.tm_min, utc.tm_sec, static_cast<int>(us % 1000000));
  text.append(out, static_cast<std::size_t>(length));
}

void AppendQuoted(std::string& out, const char* data, std::size_t size) {
  out.push_back('"');
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
  if (g_state.load() != nullptr) return;
  auto* state = new State;
  state->name = name;
  state->pool = std::make_shared<spdlog::details::thread_pool>(kQueueLines, 1);
  state->logger =
      std::make_shared<spdlog::async_logger>(name, std::make_shared<StderrSink>(), state->pool,
                                             spdlog::async_overflow_policy::overrun_oldest);
  state->logger->flush_on(spdlog::level::warn);
  spdlog::register_logger(state->logger);
  spdlog::flush_every(std::chrono::seconds(1));
  g_state.store(state);
}

void Stop() {
  State* state = g_state.exchange(nullptr);
  if (state == nullptr) return;
  state->logger->flush();
  spdlog::shutdown();
  state->logger.reset();
  state->pool.reset();
}

std::int64_t Dropped() {
  const State* state = g_state.load();
  return state == nullptr ? 0 : static_cast<std::int64_t>(state->pool->overrun_counter());
}

Line::Line(Level level, const char* event) : level_(level), on_(g_state.load() != nullptr) {
  if (!on_) return;
  text_.reserve(240);
  text_ += "{\"at\":\"";
  AppendNow(text_);
  text_ += "\",\"level\":\"";
  text_ += NameOf(level);
  text_ += "\",\"server\":\"";
  if (const State* state = g_state.load()) text_ += state->name;
  text_ += "\",\"event\":\"";
  text_ += event;
  text_.push_back('"');
}

Line::~Line() {
  if (!on_) return;
  text_.push_back('}');
  State* state = g_state.load();
  if (state == nullptr) return;
  const auto level = level_ == Level::kInfo      ? spdlog::level::info
                     : level_ == Level::kWarning ? spdlog::level::warn
                                                 : spdlog::level::err;
  state->logger->log(level, spdlog::string_view_t(text_.data(), text_.size()));
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
