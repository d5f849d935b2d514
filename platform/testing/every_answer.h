// What a test needs to show that a rule never guesses: each tri-state fact of a message in turn,
// found by descriptor, so that a fact added to a contract is tried without anybody's doing.

#ifndef ASC_PLATFORM_TESTING_EVERY_ANSWER_H_
#define ASC_PLATFORM_TESTING_EVERY_ANSWER_H_

#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "asc/type/v1/answer.pb.h"
#include "google/protobuf/message.h"

namespace asc::testing {

// The paths of all asc.type.v1.Answer fields below `message`: through every single message, set or
// not, and through the elements that lists hold. "facts.limbs[0].lacks_capacity".
std::vector<std::string> AnswerPaths(const google::protobuf::Message& message);

// The path is one of AnswerPaths.
void SetAnswer(google::protobuf::Message& message, const std::string& path,
               type::v1::Answer answer);

// Gives each of them a yes, a no or an unknown.
void DrawAnswers(google::protobuf::Message& message, std::mt19937& random);

// What a decision comes to, part by part: "outcome" to "PERMITTED". What it leaves open is empty or
// not there.
using Settled = std::map<std::string, std::string>;

// Fails the test, for each fact below `message` as the others now stand, when not knowing it
// settles a part otherwise than both a yes and a no would, and when a value that was left out, or
// that nobody has heard of, comes to something else than unknown. Leaves `message` as it was.
void ExpectNeverGuesses(google::protobuf::Message& message, const std::function<Settled()>& decide);

// The names of all message types below `type` that hold an Answer themselves.
std::set<std::string> TypesWithAnswers(const google::protobuf::Descriptor& type);
// The same for all requests of a service.
std::set<std::string> TypesWithAnswers(const google::protobuf::ServiceDescriptor& service);

}  // namespace asc::testing

#endif  // ASC_PLATFORM_TESTING_EVERY_ANSWER_H_
