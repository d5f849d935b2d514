#include "tests/questions/asked.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_split.h"
#include "gateway/step_kinds.h"

namespace asc::tests::questions {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

}  // namespace

bool FieldExists(const Descriptor& type, const std::string& path) {
  const Descriptor* within = &type;
  const std::vector<std::string> parts = absl::StrSplit(path, '.');
  for (const std::string& part : parts) {
    if (within == nullptr) return false;
    const std::size_t bracket = part.find('[');
    const bool indexed = bracket != std::string::npos;
    const FieldDescriptor* field = within->FindFieldByName(part.substr(0, bracket));
    if (field == nullptr || (indexed && !field->is_repeated())) return false;
    // Below a list there are only its elements.
    const bool list = field->is_repeated() && !indexed;
    within = list ? nullptr : field->message_type();
  }
  return true;
}

void ExpectField(const std::string& field, const Types& types, gateway::v1::StepKind step) {
  const bool known = std::any_of(types.begin(), types.end(), [&field](const Descriptor* type) {
    return FieldExists(*type, field);
  });
  EXPECT_TRUE(known) << field << " of " << types.front()->full_name();
  if (step == gateway::v1::STEP_KIND_UNSPECIFIED) return;
  const std::string renamed = gateway::RulesOf(step)->field(field);
  EXPECT_TRUE(FieldExists(*gateway::v1::Contact::descriptor(), renamed))
      << field << " is asked for as " << renamed;
}

}  // namespace asc::tests::questions
