#include "protos/checks/advocacy_checks.h"

#include <set>

#include "absl/strings/str_cat.h"

namespace asc::checks {

void CheckAdvocacyFacts(const advocacy::v1::AdvocacyFacts& facts, const std::string& path,
                        rpc::Violations& violations) {
  std::set<advocacy::v1::Limb> seen;
  for (int i = 0; i < facts.limbs_size(); ++i) {
    if (seen.insert(facts.limbs(i).limb()).second) continue;
    violations.Add(absl::StrCat(path, ".limbs[", i, "].limb"), "this limb is given twice");
  }
}

}  // namespace asc::checks
