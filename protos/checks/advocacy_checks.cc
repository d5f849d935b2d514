#include "protos/checks/advocacy_checks.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "platform/facts/tri_state.h"

namespace asc::checks {

namespace v1 = asc::advocacy::v1;
using facts::ANSWER_NO;
using facts::ANSWER_YES;

void CheckAdvocacyFacts(const v1::AdvocacyFacts& facts, const std::string& path,
                        rpc::Violations& violations) {
  std::set<v1::Limb> seen;
  for (int i = 0; i < facts.limbs_size(); ++i) {
    if (seen.insert(facts.limbs(i).limb()).second) continue;
    violations.Add(absl::StrCat(path, ".limbs[", i, "].limb"), "this limb is given twice");
  }
  const v1::AppropriatePersonFacts& person = facts.appropriate_person();
  if (person.exists() == ANSWER_NO && person.willing_and_able() == ANSWER_YES) {
    violations.Add(path + ".appropriate_person.willing_and_able",
                   "is YES, although there is nobody");
  }
}

}  // namespace asc::checks
