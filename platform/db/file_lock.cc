#include "platform/db/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>

#include "absl/strings/str_cat.h"

namespace asc::db {
namespace {

constexpr std::chrono::milliseconds kWaitMax{2000};
constexpr std::chrono::milliseconds kPause{50};

// The locks of this process by the file's real name.
std::mutex& Mutex() {
  static std::mutex mutex;
  return mutex;
}
std::map<std::string, std::weak_ptr<FileLock>>& Held() {
  static auto* const held = new std::map<std::string, std::weak_ptr<FileLock>>();
  return *held;
}

std::string RealName(const std::string& file) {
  std::error_code error;
  const auto real = std::filesystem::canonical(file, error);
  return error ? file : real.string();
}

absl::Status Fault(const std::string& name) {
  return absl::UnavailableError(absl::StrCat("sqlite ", name, ": ", std::strerror(errno)));
}

// False: somebody else still has it.
bool LockInTime(int descriptor) {
  const auto end = std::chrono::steady_clock::now() + kWaitMax;
  while (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(kPause);
  }
  return true;
}

std::string HolderOf(int descriptor) {
  char text[32] = "";
  const auto size = pread(descriptor, text, sizeof(text) - 1, 0);
  return size > 0 ? absl::StrCat("process ", std::string(text, static_cast<std::size_t>(size)))
                  : "another process";
}

}  // namespace

absl::StatusOr<std::shared_ptr<FileLock>> FileLock::Take(const std::string& file) {
  const std::string name = RealName(file);
  const std::lock_guard guard(Mutex());
  std::weak_ptr<FileLock>& held = Held()[name];
  if (auto shared = held.lock()) return shared;
  const int descriptor = open((name + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return Fault(name + ".lock");
  std::shared_ptr<FileLock> lock(new FileLock(descriptor));
  if (!LockInTime(descriptor)) {
    return absl::FailedPreconditionError(
        absl::StrCat("sqlite ", name, ": ", HolderOf(descriptor),
                     " has it open; stop it, or name another file"));
  }
  const std::string holder = absl::StrCat(getpid());
  if (ftruncate(descriptor, 0) != 0 || pwrite(descriptor, holder.data(), holder.size(), 0) < 0) {
    return Fault(name + ".lock");
  }
  held = lock;
  return lock;
}

FileLock::~FileLock() { close(descriptor_); }

}  // namespace asc::db
