#include "protos/checks/funding_checks.h"

#include "platform/facts/parts.h"
#include "platform/facts/tri_state.h"

namespace asc::checks {

namespace v1 = asc::funding::v1;
using facts::ANSWER_NO;
using facts::ANSWER_YES;

void CheckItems(const SupportItems& items, const std::string& path, rpc::Violations& violations) {
  for (int i = 0; i < items.size(); ++i) {
    const v1::SupportItem& item = items[i];
    const bool dated = !item.starts_on().empty() && !item.ends_on().empty();
    if (dated && item.ends_on() < item.starts_on()) {
      violations.Add(path + facts::ItemName(item, i) + ".ends_on", "before it starts");
    }
  }
}

void CheckContent(const v1::FundingContent& content, const std::string& path,
                  rpc::Violations& violations) {
  CheckItems(content.items(), path + ".items", violations);
  if (content.emergency() != ANSWER_YES) return;
  if (content.urgent().appears_urgent() == ANSWER_NO) {
    violations.Add(path + ".urgent.appears_urgent", "is NO, although it is an emergency");
  }
  if (content.urgent().cannot_wait() == ANSWER_NO) {
    violations.Add(path + ".urgent.cannot_wait", "is NO, although it is an emergency");
  }
}

}  // namespace asc::checks
