// Whether what is asked for can be answered: a question names a field of the request it was asked
// about, and the gateway's question a field of the contact.

#ifndef ASC_TESTS_QUESTIONS_ASKED_H_
#define ASC_TESTS_QUESTIONS_ASKED_H_

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "asc/gateway/v1/contact.pb.h"
#include "asc/type/v1/decision.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/text_format.h"

namespace asc::tests::questions {

using Types = std::vector<const google::protobuf::Descriptor*>;

template <class... Messages>
Types TypesOf() {
  return {Messages::descriptor()...};
}

// Fails the test unless what stands at `path` in a contact can be taken back by that path alone,
// and said by sending that alone: an item of a list with keys leaves the others as they are.
void ExpectAddedAndCleared(const std::string& path);

// Fails the test when `field` is none of any of these types, or comes, renamed as the gateway does
// for `step`, to none of a contact that can be answered and taken back alone.
// STEP_KIND_UNSPECIFIED: the gateway does not ask it.
void ExpectField(const std::string& field, const Types& types, gateway::v1::StepKind step);

// The same for every question; and that each has a text.
template <class Questions>
void ExpectAnswerable(const Questions& questions, const Types& types,
                      gateway::v1::StepKind step = gateway::v1::STEP_KIND_UNSPECIFIED) {
  for (const type::v1::Question& question : questions) {
    ExpectField(question.text().empty() ? question.field() + " (has no text)" : question.field(),
                types, step);
  }
}

// The cases of a folder in the root of the tree.
template <class Case>
std::vector<Case> GoldenCases(const std::string& folder) {
  std::vector<Case> cases;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path());
    const std::string text((std::istreambuf_iterator<char>(file)),
                           std::istreambuf_iterator<char>());
    google::protobuf::TextFormat::ParseFromString(text, &cases.emplace_back());
  }
  return cases;
}

// Begins at a fixed seed, so that a failure can be repeated.
inline constexpr unsigned kSeed = 20261123;
inline constexpr int kRounds = 60;

}  // namespace asc::tests::questions

#endif  // ASC_TESTS_QUESTIONS_ASKED_H_
