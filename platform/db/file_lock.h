// Keeps a second process away from a file that belongs to one.

#ifndef ASC_PLATFORM_DB_FILE_LOCK_H_
#define ASC_PLATFORM_DB_FILE_LOCK_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace asc::db {

// Held on "<file>.lock", which stays behind: removing it would let two processes lock two files of
// one name. The kernel gives the lock back when the process ends, however it ends.
class FileLock {
 public:
  // Whoever holds it is waited for a moment, because a process that is replaced may still be
  // ending. FAILED_PRECONDITION: another process has the file, and which. Within one process the
  // lock is shared.
  static absl::StatusOr<std::shared_ptr<FileLock>> Take(const std::string& file);

  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}

  const int descriptor_;
};

}  // namespace asc::db

#endif  // ASC_PLATFORM_DB_FILE_LOCK_H_
