#include "protos/checks/person_checks.h"

#include <vector>

#include "protos/checks/person_names.h"

namespace asc::checks {
namespace {

constexpr char kAnother[] = "belongs to another person; open a record of their own";
constexpr char kAtOnce[] =
    "changes with other details, as though it were another person: open a record of their own, or "
    "correct one detail at a time";

bool Changed(const std::string& was, const std::string& is) { return !was.empty() && was != is; }

bool Stays(const std::string& was, const std::string& is) { return !was.empty() && was == is; }

// Of name, date of birth and postcode.
struct Details {
  std::vector<const char*> changed;
  bool any_stays = false;
};

Details Compare(const type::v1::PersonRef& before, const type::v1::PersonRef& after) {
  Details details;
  const auto take = [&details](const char* field, bool known, bool same) {
    if (known && !same) details.changed.push_back(field);
    if (known && same) details.any_stays = true;
  };
  take(".full_name", !before.full_name().empty(),
       SameName(before.full_name(), after.full_name()) ||
           IsPartOfName(before.full_name(), after.full_name()));
  take(".born_on", !before.born_on().empty(), before.born_on() == after.born_on());
  take(".postcode", !before.postcode().empty(), before.postcode() == after.postcode());
  return details;
}

bool AddsIdentifier(const type::v1::PersonRef& before, const type::v1::PersonRef& after) {
  return (before.person_id().empty() && !after.person_id().empty()) ||
         (before.nhs_number().empty() && !after.nhs_number().empty());
}

}  // namespace

void CheckSamePerson(const type::v1::PersonRef& before, const type::v1::PersonRef& after,
                     const std::string& path, rpc::Violations& violations) {
  if (Changed(before.person_id(), after.person_id())) violations.Add(path + ".person_id", kAnother);
  if (Changed(before.nhs_number(), after.nhs_number())) {
    violations.Add(path + ".nhs_number", kAnother);
  }
  if (Stays(before.person_id(), after.person_id())) return;
  if (Stays(before.nhs_number(), after.nhs_number())) return;
  const Details details = Compare(before, after);
  const bool at_once =
      details.changed.size() > 1 ||
      (details.changed.size() == 1 && !details.any_stays && AddsIdentifier(before, after));
  if (!at_once) return;
  for (const char* field : details.changed) violations.Add(path + field, kAtOnce);
}

bool MayBeAnother(const type::v1::PersonRef& before, const type::v1::PersonRef& after) {
  rpc::Violations another;
  CheckSamePerson(before, after, "person", another);
  if (!another.empty()) return true;
  const bool known = Stays(before.person_id(), after.person_id()) ||
                     Stays(before.nhs_number(), after.nhs_number());
  const Details details = Compare(before, after);
  return !known && !details.any_stays && !details.changed.empty();
}

}  // namespace asc::checks
