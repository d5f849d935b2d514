// What a policy makes of concerns, joint work, originals and the waiting list: every answer to a
// fixed set of requests, one behind the other, for tests that change the policy.

#ifndef ASC_REFERRAL_SVC_TESTING_RECORD_ANSWERS_H_
#define ASC_REFERRAL_SVC_TESTING_RECORD_ANSWERS_H_

#include <string>

#include "platform/facts/tri_state.h"
#include "referral-svc/concern_rules.h"
#include "referral-svc/due_rules.h"
#include "referral-svc/joint_rules.h"
#include "referral-svc/life_rules.h"
#include "referral-svc/waiting_rules.h"

namespace asc::referral {

inline void AppendConcerns(const v1::ReferralPolicy& policy, std::string& answers) {
  for (int kind = v1::CONCERN_KIND_ADULT; kind <= v1::ConcernKind_MAX; ++kind) {
    for (const auto danger : {facts::ANSWER_YES, facts::ANSWER_NO, facts::ANSWER_UNKNOWN}) {
      v1::RaiseConcernRequest request;
      request.set_kind(static_cast<v1::ConcernKind>(kind));
      request.set_imminent_danger_or_crime(danger);
      answers += DecideConcern(request, policy).SerializeAsString();
    }
  }
}

inline void AppendJointWork(const v1::ReferralPolicy& policy, std::string& answers) {
  for (int special = 0; special <= v1::SpecialistWork_MAX; ++special) {
    for (const auto agreed : {facts::ANSWER_YES, facts::ANSWER_NO, facts::ANSWER_UNKNOWN}) {
      v1::RequestJointWorkRequest request;
      request.set_specialist(static_cast<v1::SpecialistWork>(special));
      request.set_agreed(agreed);
      answers += DecideJointRequest(request, policy).SerializeAsString();
    }
  }
  answers += DecideJointResponse({}, facts::ANSWER_YES, policy).SerializeAsString();
}

inline void AppendWaiting(const v1::ReferralPolicy& policy, std::string& answers) {
  for (int level = 0; level <= v1::Level_MAX; ++level) {
    for (int high = 0; high < 6; ++high) {
      v1::Referral referral;
      v1::PriorityFactors& factors = *referral.mutable_priority();
      for (int i = 0; i < 6; ++i) {
        const auto* field = factors.GetDescriptor()->field(i);
        factors.GetReflection()->SetEnumValue(&factors, field, i == high ? level : 3);
      }
      answers += RankWaiting(referral, policy).SerializeAsString();
      answers += DecidePriority(factors, policy).SerializeAsString();
    }
  }
  answers += RankWorkers({}, {}, "", policy).SerializeAsString();
  answers += RankWorkers({}, {Candidate{}}, "worker-1", policy).SerializeAsString();
}

inline void AppendOriginals(const v1::ReferralPolicy& policy, std::string& answers) {
  for (const auto channel : {v1::CHANNEL_LETTER, v1::CHANNEL_EMAIL}) {
    v1::RecordCustodyRequest record;
    record.set_channel(channel);
    for (const auto& action : CustodyActions(record, policy)) {
      answers += action.SerializeAsString();
    }
    for (int sent_by = 0; sent_by <= v1::SecureChannel_MAX; ++sent_by) {
      v1::UpdateCustodyRequest request;
      request.set_state(sent_by == 0 ? v1::CUSTODY_STATE_FILED_SECURELY
                                     : v1::CUSTODY_STATE_SENT_ON);
      request.set_sent_by(static_cast<v1::SecureChannel>(sent_by));
      answers += DecideCustody(channel, request, policy).SerializeAsString();
    }
  }
}

inline void AppendRecords(const v1::ReferralPolicy& policy, std::string& answers) {
  AppendConcerns(policy, answers);
  AppendJointWork(policy, answers);
  AppendWaiting(policy, answers);
  AppendOriginals(policy, answers);
  v1::Decision offered;
  OfferOpenReferral(policy, offered);
  answers += offered.SerializeAsString();
  answers += DecideDestination({}, policy).SerializeAsString();
}

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_TESTING_RECORD_ANSWERS_H_
