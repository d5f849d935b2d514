#include "platform/db/database.h"

#include <future>
#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/db/driver.h"

namespace asc::db {
namespace {

constexpr char kSqlite[] = "sqlite:";
constexpr char kMySql[] = "mysql:";

absl::Status CheckOptions(const OpenOptions& options) {
  if (options.readers < 1 || options.queue_max < 1 || options.batch_max < 1 || options.lanes < 1) {
    return absl::InvalidArgumentError("database options: every number is at least 1");
  }
  return absl::OkStatus();
}

}  // namespace

WriteResult Database::WriteAndWait(WriteSet set, const WriteOptions& options) {
  std::promise<WriteResult> promise;
  Write(std::move(set), options,
        [&promise](const WriteResult& result) { promise.set_value(result); });
  return promise.get_future().get();
}

absl::StatusOr<std::unique_ptr<Database>> Open(const std::string& address,
                                               const OpenOptions& options) {
  if (absl::Status checked = CheckOptions(options); !checked.ok()) return checked;
  if (address.rfind(kSqlite, 0) == 0 && address.size() > sizeof(kSqlite) - 1) {
    return OpenSqlite(address.substr(sizeof(kSqlite) - 1), options);
  }
  if (address.rfind(kMySql, 0) == 0 && address.size() > sizeof(kMySql) - 1) {
    return OpenMySql(address.substr(sizeof(kMySql) - 1), options);
  }
  return absl::InvalidArgumentError(
      absl::StrCat("database \"", address, "\": neither sqlite:PATH nor mysql:FILE"));
}

}  // namespace asc::db
