// The log: one JSON object a line on standard error, written by a thread of its own.
//
// A line holds no personal data: method names, codes, ids, counts and times only. It is in the log
// within 100 ms; warnings and errors at once. When lines come faster than they can be written, new
// ones are dropped and counted.

#ifndef ASC_PLATFORM_LOG_LOG_H_
#define ASC_PLATFORM_LOG_LOG_H_

#include <cstdint>
#include <string>

namespace asc::log {

// Starts the log for the server `name`. Before it, and after Stop, lines go nowhere.
void Start(const std::string& name);
// Writes what is queued and ends the thread.
void Stop();
// Lines dropped since Start.
std::int64_t Dropped();

enum class Level { kInfo, kWarning, kError };

// One line, written when the object dies: Line(Level::kInfo, "started").Add("port", 7101);
class Line {
 public:
  Line(Level level, const char* event);
  ~Line();
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  Line& Add(const char* key, const std::string& value);
  Line& Add(const char* key, const char* value);
  Line& Add(const char* key, std::int64_t value);
  Line& Add(const char* key, int value) { return Add(key, static_cast<std::int64_t>(value)); }
  Line& Add(const char* key, bool value);

 private:
  void Key(const char* key);

  Level level_;
  bool on_;
  std::string text_;
};

// `text` as a JSON string, with quotes.
std::string Quoted(const std::string& text);

}  // namespace asc::log

#endif  // ASC_PLATFORM_LOG_LOG_H_
