#include "referral-svc/due_rules.h"

#include <algorithm>

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

}  // namespace

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

std::vector<v1::Action> CustodyActions(v1::Channel channel, const v1::ReferralPolicy& policy) {
  std::vector<v1::Action> actions;
  for (const v1::ActionPolicy& row : policy.written().transfer_actions()) {
    const v1::RuleStatement* statement = FindStatement(policy, row.rule_id().c_str());
    v1::Action& action = actions.emplace_back();
    action.set_rule_id(row.rule_id());
    if (statement != nullptr) action.set_strength(statement->strength());
    action.set_kind(row.kind());
    action.set_text(row.text());
    for (const std::string& lines : row.lines()) {
      *action.add_citations() = CitationOf(policy, lines);
    }
    action.set_due(type::v1::ANSWER_YES);
    if (row.kind() == v1::ACTION_KIND_SECURE_CHANNEL) {
      *action.mutable_channels() = ChannelsFor(channel, policy);
    }
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
