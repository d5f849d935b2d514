#include "platform/db/driver.h"

namespace asc::db {

absl::StatusOr<std::unique_ptr<Database>> OpenMySql(const std::string&, const OpenOptions&) {
  return absl::UnimplementedError("mysql: the driver is not in this build");
}

}  // namespace asc::db
