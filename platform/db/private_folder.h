// A folder for one process, gone when it is done with it.

#ifndef ASC_PLATFORM_DB_PRIVATE_FOLDER_H_
#define ASC_PLATFORM_DB_PRIVATE_FOLDER_H_

#include <string>

namespace asc::db {

// Made for the owner alone and removed with all it holds. A killed process cannot remove its
// folder, so its name carries the process id and the next one made with the same stem removes it.
class PrivateFolder {
 public:
  // `<base>/<stem>-<process id>-<random>`. path() is empty when it cannot be made.
  PrivateFolder(const std::string& base, const std::string& stem);
  ~PrivateFolder();
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;

  const std::string& path() const { return path_; }
  // The path of `name` in the folder; nothing is made.
  std::string File(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace asc::db

#endif  // ASC_PLATFORM_DB_PRIVATE_FOLDER_H_
