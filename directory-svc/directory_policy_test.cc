// The shipped policies: whole, as different as the documents are, and every field of them felt.

#include "directory-svc/directory_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "directory-svc/advice_methods.h"
#include "directory-svc/directory_methods.h"
#include "directory-svc/directory_rules.h"
#include "directory-svc/testing/shipped.h"
#include "platform/facts/tri_state.h"
#include "platform/testing/status_matchers.h"

namespace asc::directory {
namespace {

using facts::Answer;
using facts::ANSWER_NO;
using facts::ANSWER_UNKNOWN;
using facts::ANSWER_YES;

using ::asc::testing::IsOk;
using ::asc::testing::StatusIs;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

rpc::Call CallUnder(const v1::DirectoryPolicy& policy) {
  rpc::Call call;
  call.authority = policy.authority();
  auto loaded = std::make_shared<policy::Policy>();
  loaded->content = std::make_unique<v1::DirectoryPolicy>(policy);
  call.policy = loaded;
  call.now = absl::FromUnixSeconds(1767607200);
  return call;
}

std::string Advice(const v1::DirectoryPolicy& policy, v1::FollowUpRisk risk, Answer known) {
  v1::RecordAdviceGivenRequest request;
  request.mutable_content()->set_accessible(known);
  request.mutable_follow_up()->set_risk(risk);
  request.mutable_follow_up()->set_agreed(known);
  const AdviceDecision decision = DecideAdvice(request, policy, "caller");
  std::string text = decision.follow_up.ShortDebugString();
  for (const auto& reason : decision.reasons) absl::StrAppend(&text, reason.ShortDebugString());
  for (const auto& question : decision.questions) {
    absl::StrAppend(&text, question.ShortDebugString());
  }
  return text;
}

// Everything a policy says to somebody who asks a fixed set of questions.
std::string WhatItDoes(const v1::DirectoryPolicy& policy) {
  static const auto entries = LoadEntries("directory-svc/data");
  const rpc::Call call = CallUnder(policy);
  std::string all = absl::StrCat(std::string(CheckPolicy(policy).message()), "|",
                                 std::string(CheckAgainstPolicy(*entries, policy).message()));
  absl::StrAppend(&all, SearchServices(ShippedDirectory(), call, {})->ShortDebugString());
  absl::StrAppend(&all, ListGuidance(call, {})->ShortDebugString());
  v1::CheckAccessRequest access;
  access.mutable_facts()->set_needs_support(ANSWER_YES);
  absl::StrAppend(&all, CheckAccess(call, access)->ShortDebugString());
  for (const auto risk : {v1::FOLLOW_UP_RISK_UNSPECIFIED, v1::FOLLOW_UP_RISK_LOW,
                          v1::FOLLOW_UP_RISK_MEDIUM, v1::FOLLOW_UP_RISK_HIGH}) {
    for (const Answer known : {ANSWER_NO, ANSWER_UNKNOWN}) {
      absl::StrAppend(&all, Advice(policy, risk, known));
    }
  }
  return all;
}

// Gives one value of a field another one: the `index`th of a repeated field.
void Change(Message& message, const FieldDescriptor& field, int index) {
  const Reflection& reflection = *message.GetReflection();
  const bool many = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      if (many) {
        reflection.SetRepeatedString(
            &message, &field, index,
            reflection.GetRepeatedString(message, &field, index) + " changed");
      } else {
        reflection.SetString(&message, &field, reflection.GetString(message, &field) + " changed");
      }
      return;
    case FieldDescriptor::CPPTYPE_ENUM:
      if (many) {
        reflection.SetRepeatedEnumValue(
            &message, &field, index,
            reflection.GetRepeatedEnumValue(message, &field, index) % 4 + 1);
      } else {
        const int count = field.enum_type()->value_count();
        reflection.SetEnumValue(&message, &field,
                                (reflection.GetEnumValue(message, &field) + 1) % count);
      }
      return;
    case FieldDescriptor::CPPTYPE_BOOL:
      reflection.SetBool(&message, &field, !reflection.GetBool(message, &field));
      return;
    case FieldDescriptor::CPPTYPE_INT64:
      reflection.SetInt64(&message, &field, reflection.GetInt64(message, &field) + 1);
      return;
    default:
      FAIL() << field.full_name() << ": say here how it is changed";
  }
}

// What says nothing to anybody who asks: where a policy comes from, and a heading that stands over
// no entry.
bool IsSilent(const Message& message, const FieldDescriptor& field, int index) {
  if (field.full_name() == "asc.directory.v1.DirectoryPolicy.headings") {
    return static_cast<const v1::DirectoryPolicy&>(message).headings(index) ==
           "Equipment and Adaptations";
  }
  for (const char* name : {"authority", "version", "source"}) {
    if (field.full_name() == std::string("asc.directory.v1.DirectoryPolicy.") + name) return true;
  }
  return false;
}

// Calls `visit` with each field that is set below `message` changed in turn.
template <class Visit>
void EachChange(Message& message, const Visit& visit) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const Reflection& reflection = *message.GetReflection();
    const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      if (IsSilent(message, *field, i)) continue;
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        EachChange(field->is_repeated() ? *reflection.MutableRepeatedMessage(&message, field, i)
                                        : *reflection.MutableMessage(&message, field),
                   visit);
        continue;
      }
      const std::unique_ptr<Message> before(message.New());
      before->CopyFrom(message);
      Change(message, *field, i);
      visit(absl::StrCat(field->full_name(), "[", i, "] of ", before->ShortDebugString()));
      message.CopyFrom(*before);
    }
  }
}

class ShippedPolicyTest : public ::testing::TestWithParam<std::string> {};

TEST_P(ShippedPolicyTest, IsWhole) { EXPECT_THAT(CheckPolicy(ShippedPolicy(GetParam())), IsOk()); }

TEST_P(ShippedPolicyTest, IsFeltInEveryField) {
  v1::DirectoryPolicy policy = ShippedPolicy(GetParam());
  const std::string before = WhatItDoes(policy);
  int changes = 0;
  EachChange(policy, [&](const std::string& what) {
    ++changes;
    EXPECT_NE(WhatItDoes(policy), before) << what.substr(0, 300);
  });
  EXPECT_GT(changes, 50);
}

TEST_P(ShippedPolicyTest, NamesEachToolOfItsDocumentOnce) {
  const std::map<std::string, int> expected = {{"rotherham", 16},
                                               {"wakefield", 17},
                                               {"standard", 20},
                                               {"milton-keynes", 13},
                                               {"hillingdon-carers", 14}};
  EXPECT_EQ(ShippedPolicy(GetParam()).guidance_size(), expected.at(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Authorities, ShippedPolicyTest, ::testing::ValuesIn(ShippedAuthorities()),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(ShippedPolicies, DifferAsTheDocumentsDo) {
  EXPECT_EQ(ShippedPolicy("standard").directory_source(), v1::DIRECTORY_SOURCE_EMPTY);
  EXPECT_EQ(ShippedPolicy("milton-keynes").directory_source(), v1::DIRECTORY_SOURCE_EXTERNAL_LINK);
  EXPECT_EQ(ShippedPolicy("milton-keynes").elsewhere(0).uri(), "");
  EXPECT_EQ(ShippedPolicy("rotherham").directory_source(), v1::DIRECTORY_SOURCE_ENTRIES);
  EXPECT_FALSE(ShippedPolicy("hillingdon-carers").equal_for_all());
  for (const std::string& authority : ShippedAuthorities()) {
    const v1::DirectoryPolicy policy = ShippedPolicy(authority);
    EXPECT_EQ(FindRule(policy, "I6")->strength(), type::v1::STRENGTH_MUST);
    EXPECT_EQ(FindRule(policy, "I6.agree")->strength(), type::v1::STRENGTH_SHOULD);
    EXPECT_EQ(FindRule(policy, "I5")->strength(), type::v1::STRENGTH_MUST);
    EXPECT_EQ(FindRule(policy, "I7") != nullptr, authority == "standard");
  }
}

TEST(CheckPolicy, NamesWhatIsWrong) {
  v1::DirectoryPolicy policy = ShippedPolicy("rotherham");
  policy.mutable_rules()->RemoveLast();
  EXPECT_THAT(CheckPolicy(policy),
              StatusIs(absl::StatusCode::kInvalidArgument, ::testing::HasSubstr("I6.time")));
  policy = ShippedPolicy("rotherham");
  policy.add_access_steps(v1::ACCESS_STEP_ADVOCACY);
  EXPECT_THAT(CheckPolicy(policy),
              StatusIs(absl::StatusCode::kInvalidArgument, ::testing::HasSubstr("access_steps")));
  policy = ShippedPolicy("milton-keynes");
  policy.clear_elsewhere();
  EXPECT_THAT(CheckPolicy(policy),
              StatusIs(absl::StatusCode::kInvalidArgument, ::testing::HasSubstr("elsewhere")));
  policy = ShippedPolicy("rotherham");
  policy.mutable_follow_up_times()->RemoveLast();
  EXPECT_THAT(CheckPolicy(policy), StatusIs(absl::StatusCode::kInvalidArgument,
                                            ::testing::HasSubstr("follow_up_times")));
}

}  // namespace
}  // namespace asc::directory
