#include "protos/checks/advocacy_checks.h"

#include "platform/facts/tri_state.h"

namespace asc::checks {

namespace v1 = asc::advocacy::v1;
using facts::ANSWER_NO;
using facts::ANSWER_YES;

void CheckAdvocacyFacts(const v1::AdvocacyFacts& facts, const std::string& path,
                        rpc::Violations& violations) {
  const v1::AppropriatePersonFacts& person = facts.appropriate_person();
  if (person.exists() == ANSWER_NO && person.willing_and_able() == ANSWER_YES) {
    violations.Add(path + ".appropriate_person.willing_and_able",
                   "is YES, although there is nobody");
  }
}

}  // namespace asc::checks
