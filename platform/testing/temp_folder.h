// A folder that is gone when the test is over.

#ifndef ASC_PLATFORM_TESTING_TEMP_FOLDER_H_
#define ASC_PLATFORM_TESTING_TEMP_FOLDER_H_

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

namespace asc::testing {

// Makes a folder for the caller alone, below `base`, and removes it with all it holds. The default
// is $TMPDIR or /tmp; give "/dev/shm" for what need not reach a disk. Aborts when it cannot.
class TempFolder {
 public:
  TempFolder() : TempFolder(DefaultBase()) {}
  explicit TempFolder(const std::string& base) : path_(base + "/asc-test-XXXXXX") {
    if (mkdtemp(path_.data()) == nullptr) std::abort();
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::string& path() const { return path_; }
  // The path of `name` in the folder; nothing is made.
  std::string File(const std::string& name) const { return path_ + "/" + name; }

 private:
  static std::string DefaultBase() {
    const char* base = std::getenv("TMPDIR");
    return base == nullptr ? "/tmp" : base;
  }

  std::string path_;
};

}  // namespace asc::testing

#endif  // ASC_PLATFORM_TESTING_TEMP_FOLDER_H_
