#include "tests/questions/asked.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "gateway/step_kinds.h"
#include "google/protobuf/util/message_differencer.h"
#include "platform/facts/parts.h"

namespace asc::tests::questions {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Gives the item the key of this text; of an enum, without a text, the first value but `not_this`.
void SetKey(Message& item, const std::string& text, const std::string& not_this) {
  const FieldDescriptor* key = facts::KeyOf(*item.GetDescriptor());
  if (key->cpp_type() != FieldDescriptor::CPPTYPE_ENUM) {
    item.GetReflection()->SetString(&item, key, text.empty() ? "not-" + not_this : text);
    return;
  }
  const auto* first = key->enum_type()->FindValueByNumber(1);
  const auto* other = first->name() != not_this ? first : key->enum_type()->FindValueByNumber(2);
  item.GetReflection()->SetEnum(&item, key,
                                text.empty() ? other : key->enum_type()->FindValueByName(text));
}

// The item that `item` names, made; beside an item with another key where there is one.
Message* MakeItem(Message& owner, const FieldDescriptor& list, const std::string& item,
                  bool beside) {
  const auto* reflection = owner.GetReflection();
  const std::size_t equals = item.find('=');
  if (equals != std::string::npos) {
    const std::string key = item.substr(equals + 1);
    if (beside) SetKey(*reflection->AddMessage(&owner, &list), "", key);
    Message* made = reflection->AddMessage(&owner, &list);
    SetKey(*made, key, "");
    return made;
  }
  int place = 0;
  EXPECT_TRUE(absl::SimpleAtoi(item, &place)) << item;
  while (reflection->FieldSize(owner, &list) <= place) reflection->AddMessage(&owner, &list);
  return reflection->MutableRepeatedMessage(&owner, &list, place);
}

void SetSomething(Message& owner, const FieldDescriptor& field) {
  const auto* reflection = owner.GetReflection();
  const bool many = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      many ? reflection->AddMessage(&owner, &field) : reflection->MutableMessage(&owner, &field);
      return;
    case FieldDescriptor::CPPTYPE_ENUM:
      many ? reflection->AddEnumValue(&owner, &field, 1)
           : reflection->SetEnumValue(&owner, &field, 1);
      return;
    case FieldDescriptor::CPPTYPE_STRING:
      many ? reflection->AddString(&owner, &field, "said")
           : reflection->SetString(&owner, &field, "said");
      return;
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection->SetInt32(&owner, &field, 1);
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection->SetInt64(&owner, &field, 1);
    default:
      FAIL() << field.full_name() << " has a type that no question has asked for yet";
  }
}

// A contact in which something is said at `path` and nothing else, but for the item `beside`.
gateway::v1::Contact Saying(const std::string& path, bool beside) {
  gateway::v1::Contact contact;
  Message* owner = &contact;
  const std::vector<std::string> names = absl::StrSplit(path, '.');
  for (std::size_t at = 0; at < names.size(); ++at) {
    const std::size_t bracket = names[at].find('[');
    const FieldDescriptor& field =
        *owner->GetDescriptor()->FindFieldByName(names[at].substr(0, bracket));
    if (bracket != std::string::npos) {
      owner = MakeItem(*owner, field, names[at].substr(bracket + 1, names[at].size() - bracket - 2),
                       beside);
    } else if (at + 1 < names.size()) {
      owner = owner->GetReflection()->MutableMessage(owner, &field);
    } else {
      SetSomething(*owner, field);
    }
  }
  return contact;
}

}  // namespace

void ExpectAddedAndCleared(const std::string& path) {
  using google::protobuf::util::MessageDifferencer;
  const gateway::v1::Contact known = Saying(path, /*beside=*/true);
  gateway::v1::Contact contact = known;
  facts::Clear({path}, contact);
  EXPECT_FALSE(MessageDifferencer::Equals(contact, known)) << path << " cannot be cleared";
  facts::Replace(Saying(path, /*beside=*/false), contact);
  EXPECT_TRUE(MessageDifferencer::Equals(contact, known)) << path << " cannot be answered alone";
}

void ExpectField(const std::string& field, const Types& types, gateway::v1::StepKind step) {
  const bool known = std::any_of(types.begin(), types.end(), [&field](const Descriptor* type) {
    return facts::HasPath(*type, field);
  });
  EXPECT_TRUE(known) << field << " of " << types.front()->full_name();
  if (step == gateway::v1::STEP_KIND_UNSPECIFIED) return;
  const std::string renamed = gateway::RulesOf(step)->field(field);
  const bool there = facts::HasPath(*gateway::v1::Contact::descriptor(), renamed);
  EXPECT_TRUE(there) << field << " is asked for as " << renamed;
  if (there && absl::StartsWith(renamed, "facts.")) ExpectAddedAndCleared(renamed);
}

}  // namespace asc::tests::questions
