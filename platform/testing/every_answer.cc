#include "platform/testing/every_answer.h"

#include <gtest/gtest.h>

#include <memory>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"

namespace asc::testing {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using type::v1::Answer;

// No contract has facts deeper down; a message may hold itself.
constexpr int kDepthMax = 8;
constexpr Answer kAnswers[] = {type::v1::ANSWER_YES, type::v1::ANSWER_NO, type::v1::ANSWER_UNKNOWN};
// As a later version of the contract may name one.
constexpr Answer kUnheardOf = static_cast<Answer>(99);

bool IsAnswer(const FieldDescriptor& field) {
  return field.enum_type() == type::v1::Answer_descriptor() && !field.is_repeated();
}

void CollectPaths(const Message& message, const std::string& prefix, int depth,
                  std::vector<std::string>& paths) {
  if (depth == kDepthMax) return;
  const Descriptor& type = *message.GetDescriptor();
  const Reflection& reflection = *message.GetReflection();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    const std::string path = absl::StrCat(prefix, field.name());
    if (IsAnswer(field)) paths.push_back(path);
    if (field.message_type() == nullptr || field.is_map()) continue;
    if (!field.is_repeated()) {
      CollectPaths(reflection.GetMessage(message, &field), path + ".", depth + 1, paths);
      continue;
    }
    for (int e = 0; e < reflection.FieldSize(message, &field); ++e) {
      CollectPaths(reflection.GetRepeatedMessage(message, &field, e),
                   absl::StrCat(path, "[", e, "]."), depth + 1, paths);
    }
  }
}

void CollectTypes(const Descriptor& type, std::set<std::string>& seen,
                  std::set<std::string>& found) {
  if (!seen.insert(type.full_name()).second) return;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (IsAnswer(field)) found.insert(type.full_name());
    if (field.message_type() != nullptr) CollectTypes(*field.message_type(), seen, found);
  }
}

std::string Told(const Settled& settled) {
  std::string text;
  for (const auto& [part, value] : settled) absl::StrAppend(&text, " ", part, "=", value);
  return text;
}

bool Settles(const Settled& settled, const std::string& part, const std::string& value) {
  const auto found = settled.find(part);
  return found != settled.end() && found->second == value;
}

}  // namespace

std::vector<std::string> AnswerPaths(const Message& message) {
  std::vector<std::string> paths;
  CollectPaths(message, "", 0, paths);
  return paths;
}

void SetAnswer(Message& message, const std::string& path, Answer answer) {
  const std::size_t dot = path.find('.');
  const std::string step = path.substr(0, dot);
  const std::size_t bracket = step.find('[');
  const FieldDescriptor& field = *message.GetDescriptor()->FindFieldByName(step.substr(0, bracket));
  const Reflection& reflection = *message.GetReflection();
  if (dot == std::string::npos) return reflection.SetEnumValue(&message, &field, answer);
  const std::string rest = path.substr(dot + 1);
  if (bracket == std::string::npos) {
    return SetAnswer(*reflection.MutableMessage(&message, &field), rest, answer);
  }
  int element = 0;
  EXPECT_TRUE(absl::SimpleAtoi(step.substr(bracket + 1, step.size() - bracket - 2), &element));
  SetAnswer(*reflection.MutableRepeatedMessage(&message, &field, element), rest, answer);
}

void DrawAnswers(Message& message, std::mt19937& random) {
  for (const std::string& path : AnswerPaths(message)) {
    SetAnswer(message, path, kAnswers[random() % 3]);
  }
}

void ExpectNeverGuesses(Message& message, const std::function<Settled()>& decide) {
  const std::unique_ptr<Message> before(message.New());
  before->CopyFrom(message);
  for (const std::string& path : AnswerPaths(message)) {
    const auto with = [&](Answer answer) {
      SetAnswer(message, path, answer);
      return decide();
    };
    const Settled unknown = with(type::v1::ANSWER_UNKNOWN);
    EXPECT_EQ(with(type::v1::ANSWER_UNSPECIFIED), unknown) << path << " left out";
    EXPECT_EQ(with(kUnheardOf), unknown) << path << " unheard of";
    const Settled yes = with(type::v1::ANSWER_YES);
    const Settled no = with(type::v1::ANSWER_NO);
    for (const auto& [part, value] : unknown) {
      EXPECT_TRUE(value.empty() || Settles(yes, part, value) || Settles(no, part, value))
          << "not knowing " << path << " settles " << part << "\nunknown:" << Told(unknown)
          << "\nyes:" << Told(yes) << "\nno:" << Told(no) << "\n"
          << before->ShortDebugString();
    }
    message.CopyFrom(*before);
  }
}

std::set<std::string> TypesWithAnswers(const Descriptor& type) {
  std::set<std::string> seen;
  std::set<std::string> found;
  CollectTypes(type, seen, found);
  return found;
}

std::set<std::string> TypesWithAnswers(const google::protobuf::ServiceDescriptor& service) {
  std::set<std::string> found;
  for (int i = 0; i < service.method_count(); ++i) {
    found.merge(TypesWithAnswers(*service.method(i)->input_type()));
  }
  return found;
}

}  // namespace asc::testing
