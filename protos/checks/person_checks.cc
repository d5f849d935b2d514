#include "protos/checks/person_checks.h"

#include "protos/checks/person_names.h"

namespace asc::checks {
namespace {

constexpr char kAnother[] = "belongs to another person; open a record of their own";

bool Changed(const std::string& was, const std::string& is) { return !was.empty() && was != is; }

bool Stays(const std::string& was, const std::string& is) { return !was.empty() && was == is; }

}  // namespace

void CheckSamePerson(const type::v1::PersonRef& before, const type::v1::PersonRef& after,
                     const std::string& path, rpc::Violations& violations) {
  if (Changed(before.person_id(), after.person_id())) violations.Add(path + ".person_id", kAnother);
  if (Changed(before.nhs_number(), after.nhs_number())) {
    violations.Add(path + ".nhs_number", kAnother);
  }
  if (Stays(before.person_id(), after.person_id())) return;
  if (Stays(before.nhs_number(), after.nhs_number())) return;
  if (!before.full_name().empty() && !SameName(before.full_name(), after.full_name()) &&
      Changed(before.born_on(), after.born_on())) {
    violations.Add(path + ".full_name", kAnother);
    violations.Add(path + ".born_on", kAnother);
  }
}

}  // namespace asc::checks
