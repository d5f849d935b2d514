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
  if (facts.subject() == v1::SUBJECT_PERSON && facts.process() == v1::PROCESS_CARERS_ASSESSMENT) {
    violations.Add(path + ".process", "is an assessment of a carer, although it is about no carer");
  }
  const v1::AppropriatePersonFacts& person = facts.appropriate_person();
  const std::string field = path + ".appropriate_person";
  if (person.exists() == ANSWER_NO && person.willing_and_able() == ANSWER_YES) {
    violations.Add(field + ".willing_and_able", "is YES, although there is nobody");
  }
  if (person.person_lacks_capacity_to_consent() == ANSWER_YES &&
      person.person_consents() == ANSWER_YES) {
    violations.Add(field + ".person_consents",
                   "nobody who lacks the capacity for it has consented");
  }
}

}  // namespace asc::checks
