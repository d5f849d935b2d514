#include "referral-svc/due_rules.h"

#include <algorithm>

#include "google/protobuf/util/time_util.h"
#include "protos/checks/moments.h"
#include "referral-svc/life_rules.h"
#include "referral-svc/referral_policy.h"

namespace asc::referral {
namespace {

const auto& ChannelsFor(v1::Channel channel, const v1::ReferralPolicy& policy) {
  return channel == v1::CHANNEL_EMAIL ? policy.written().email_channels()
                                      : policy.written().letter_channels();
}

bool Allows(v1::Channel channel, v1::SecureChannel by, const v1::ReferralPolicy& policy) {
  const auto& channels = ChannelsFor(channel, policy);
  return std::find(channels.begin(), channels.end(), by) != channels.end();
}

v1::Action CustodyAction(const v1::RecordCustodyRequest& request, const v1::ActionPolicy& row,
                         const v1::ReferralPolicy& policy) {
  // W4: who acknowledges is settled when the record says so; whether anybody has to is not known.
  const bool open = row.kind() == v1::ACTION_KIND_SETTLE_ACKNOWLEDGEMENT;
  const bool settled = !request.acknowledged_by().empty();
  v1::Action action = ActionOf(policy, row,
                               !open     ? type::v1::ANSWER_YES
                               : settled ? type::v1::ANSWER_NO
                                         : type::v1::ANSWER_UNKNOWN);
  if (row.kind() == v1::ACTION_KIND_SECURE_CHANNEL ||
      row.kind() == v1::ACTION_KIND_FORWARD_ORIGINALS) {
    *action.mutable_channels() = ChannelsFor(request.channel(), policy);
  }
  return action;
}

type::v1::DueItem ItemOf(const v1::Referral& referral, const char* kind) {
  type::v1::DueItem item;
  item.set_record_type("referral");
  item.set_record_id(referral.referral_id());
  item.set_kind(kind);
  item.set_record_version(referral.version());
  return item;
}

type::v1::DueItem MonitoringDue(const v1::Referral& referral) {
  type::v1::DueItem item = ItemOf(referral, "monitoring");
  *item.mutable_due_at() = referral.monitor_at();
  item.set_rule_id("AL1");
  item.set_text("Look again at the situation of somebody who waits.");
  item.set_assigned_to(referral.team_id());
  return item;
}

// Empty: no need has one.
std::string EarliestReviewOf(const v1::Communication& communication) {
  std::string earliest;
  for (const v1::CommunicationNeed& need : communication.needs()) {
    if (need.review_on().empty()) continue;
    if (earliest.empty() || need.review_on() < earliest) earliest = need.review_on();
  }
  return earliest;
}

type::v1::DueItem CommunicationDue(const v1::Referral& referral, const std::string& day) {
  type::v1::DueItem item = ItemOf(referral, "communication_review");
  *item.mutable_due_at() = google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(
      absl::ToUnixMicros(checks::BritishDayBegins(day)));
  item.set_rule_id("R2");
  item.set_text("Ask again whether the communication need still holds, and is met.");
  item.set_assigned_to(referral.worker_id().empty() ? referral.team_id() : referral.worker_id());
  return item;
}

}  // namespace

std::vector<type::v1::DueItem> DueOf(const v1::Referral& referral) {
  std::vector<type::v1::DueItem> items;
  if (IsFinal(referral.status())) return items;
  // A worker who has the referral looks anyway.
  if (referral.has_monitor_at() && referral.status() != v1::REFERRAL_STATUS_ALLOCATED) {
    items.push_back(MonitoringDue(referral));
  }
  const std::string day = EarliestReviewOf(referral.details().communication());
  if (!day.empty()) items.push_back(CommunicationDue(referral, day));
  return items;
}

std::optional<type::v1::DueItem> DueOf(const v1::CallBack& callback) {
  if (callback.closed()) return std::nullopt;
  type::v1::DueItem item;
  item.set_record_type("callback");
  item.set_record_id(callback.callback_id());
  item.set_kind("call_back");
  *item.mutable_due_at() = callback.due_at();
  item.set_rule_id("T5");
  item.set_text("Somebody was promised a call by then.");
  item.set_assigned_to(callback.worker_id());
  item.set_record_version(callback.version());
  return item;
}

std::optional<type::v1::DueItem> DueOf(const v1::Custody& custody) {
  if (!custody.has_acknowledge_by_at() || custody.has_acknowledged_at()) return std::nullopt;
  type::v1::DueItem item;
  item.set_record_type("custody");
  item.set_record_id(custody.custody_id());
  item.set_kind("acknowledgement");
  *item.mutable_due_at() = custody.acknowledge_by_at();
  item.set_rule_id("W4");
  item.set_text("Somebody who wrote is to get an acknowledgement by then.");
  item.set_assigned_to(custody.acknowledged_by());
  item.set_record_version(custody.version());
  return item;
}

std::vector<v1::Action> CustodyActions(const v1::RecordCustodyRequest& request,
                                       const v1::ReferralPolicy& policy) {
  std::vector<v1::Action> actions;
  for (const v1::ActionPolicy& row : policy.written().transfer_actions()) {
    actions.push_back(CustodyAction(request, row, policy));
  }
  for (const v1::ActionPolicy& row : policy.transfer().known_actions()) {
    if (row.kind() != v1::ACTION_KIND_FORWARD_ORIGINALS) continue;
    actions.push_back(CustodyAction(request, row, policy));
  }
  return actions;
}

v1::Decision DecideCustody(v1::Channel channel, const v1::UpdateCustodyRequest& request,
                           const v1::ReferralPolicy& policy) {
  v1::Decision decision;
  decision.set_outcome(v1::OUTCOME_PERMITTED);
  if (request.state() != v1::CUSTODY_STATE_SENT_ON) {
    AddReason(policy, "W3", decision);
    if (decision.reasons().empty()) AddReason(policy, "W6", decision);
    return decision;
  }
  if (!Allows(channel, request.sent_by(), policy)) decision.set_outcome(v1::OUTCOME_REFUSED);
  AddReason(policy, "W6", decision);
  return decision;
}

}  // namespace asc::referral
