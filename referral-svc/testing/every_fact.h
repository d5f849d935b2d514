// Facts of a message in every combination of yes, no and unknown, for tests.

#ifndef ASC_REFERRAL_SVC_TESTING_EVERY_FACT_H_
#define ASC_REFERRAL_SVC_TESTING_EVERY_FACT_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "asc/referral/v1/referral.pb.h"
#include "google/protobuf/message.h"
#include "platform/facts/tri_state.h"

namespace asc::referral {

inline constexpr facts::Answer kEveryAnswer[] = {facts::ANSWER_YES, facts::ANSWER_NO,
                                                 facts::ANSWER_UNKNOWN};

inline void SetFact(google::protobuf::Message& facts, const std::string& name,
                    facts::Answer answer) {
  const auto* field = facts.GetDescriptor()->FindFieldByName(name);
  ASSERT_NE(field, nullptr) << name;
  facts.GetReflection()->SetEnumValue(&facts, field, answer);
}

// Calls `visit` for every combination of the facts named; the others stay as they are.
inline void EachCombination(google::protobuf::Message& facts, const std::vector<std::string>& names,
                            const std::function<void()>& visit, std::size_t from = 0) {
  if (from == names.size()) return visit();
  for (const facts::Answer answer : kEveryAnswer) {
    SetFact(facts, names[from], answer);
    EachCombination(facts, names, visit, from + 1);
  }
}

// What an answer comes to: its outcome, where it leads, and the actions that are due.
struct Verdict {
  v1::Outcome outcome = v1::OUTCOME_UNSPECIFIED;
  int route = 0;
  std::vector<int> due;
};

template <class Response>
Verdict VerdictOf(const Response& response, int route = 0) {
  Verdict verdict{response.decision().outcome(), route, {}};
  for (const v1::Action& action : response.actions()) {
    if (action.due() == facts::ANSWER_YES) verdict.due.push_back(action.kind());
  }
  return verdict;
}

// What a procedure asks for because something is not known.
inline bool AnswersIgnorance(int kind) {
  return kind == v1::ACTION_KIND_ASSESS_FIRST || kind == v1::ACTION_KIND_CONFIRM_WORKER ||
         kind == v1::ACTION_KIND_SETTLE_RESIDENCE_LATER ||
         kind == v1::ACTION_KIND_CHECK_LOCAL_GUIDANCE;
}

// Not knowing a fact decides nothing that neither a yes nor a no decides, and makes nothing due
// that neither makes due, but for what is asked for because of it.
inline void ExpectUnknownIsNeverStronger(google::protobuf::Message& facts,
                                         const std::vector<std::string>& names,
                                         const std::function<Verdict()>& decide) {
  EachCombination(facts, names, [&] {
    for (const std::string& name : names) {
      const auto* field = facts.GetDescriptor()->FindFieldByName(name);
      if (facts.GetReflection()->GetEnumValue(facts, field) != facts::ANSWER_UNKNOWN) continue;
      const Verdict unknown = decide();
      SetFact(facts, name, facts::ANSWER_YES);
      const Verdict yes = decide();
      SetFact(facts, name, facts::ANSWER_NO);
      const Verdict no = decide();
      SetFact(facts, name, facts::ANSWER_UNKNOWN);
      const auto same = [&unknown](const Verdict& other) {
        return unknown.outcome == other.outcome && unknown.route == other.route;
      };
      EXPECT_TRUE(unknown.outcome == v1::OUTCOME_CANNOT_TELL || same(yes) || same(no))
          << name << " in " << facts.ShortDebugString();
      for (const int kind : unknown.due) {
        if (AnswersIgnorance(kind)) continue;
        const bool by_yes = std::find(yes.due.begin(), yes.due.end(), kind) != yes.due.end();
        const bool by_no = std::find(no.due.begin(), no.due.end(), kind) != no.due.end();
        EXPECT_TRUE(by_yes || by_no)
            << name << " makes " << kind << " due in " << facts.ShortDebugString();
      }
    }
  });
}

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_TESTING_EVERY_FACT_H_
