#include "protos/checks/funding_checks.h"

#include <set>

#include "absl/strings/str_cat.h"

namespace asc::checks {

void CheckItems(const SupportItems& items, const std::string& path, rpc::Violations& violations) {
  std::set<std::string> seen;
  for (int i = 0; i < items.size(); ++i) {
    const funding::v1::SupportItem& item = items[i];
    const std::string place = absl::StrCat(path, "[", i, "]");
    if (!seen.insert(item.item_id()).second) violations.Add(place + ".item_id", "given twice");
    const bool dated = !item.starts_on().empty() && !item.ends_on().empty();
    if (dated && item.ends_on() < item.starts_on()) {
      violations.Add(place + ".ends_on", "before it starts");
    }
  }
}

}  // namespace asc::checks
