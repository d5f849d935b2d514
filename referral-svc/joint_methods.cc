#include "referral-svc/joint_methods.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "platform/facts/tri_state.h"
#include "platform/rpc/errors.h"
#include "platform/rpc/formats.h"
#include "platform/status/macros.h"
#include "protos/checks/person_checks.h"
#include "referral-svc/changing.h"
#include "referral-svc/communication_rules.h"
#include "referral-svc/communication_store.h"
#include "referral-svc/concern_rules.h"
#include "referral-svc/joint_rules.h"
#include "referral-svc/joint_store.h"
#include "referral-svc/list_page.h"
#include "referral-svc/person_store.h"
#include "referral-svc/referral_checks.h"
#include "referral-svc/stamp.h"

namespace asc::referral {
namespace {

// Far below what a record may hold, and more than anybody reads.
constexpr std::size_t kTextMaxBytes = 200'000;

void SetVersion(std::int64_t version, v1::JointWork& work) {
  work.set_version(version);
  work.set_etag(rpc::EtagOf(version));
}

db::Event EventOf(const v1::JointWork& work, const char* type) {
  return {.record_type = "joint_work",
          .record_id = work.joint_work_id(),
          .record_version = work.version(),
          .type = type};
}

absl::StatusOr<v1::JointWork> WorkToChange(const rpc::Call& call, const std::string& id,
                                           const std::string& etag, db::Reader& reader) {
  ASC_TRY_ASSIGN(auto work, FindJointWork(reader, call.authority, id));
  if (!work.has_value()) return rpc::NotFound("joint_work", id);
  if (rpc::VersionOf(etag) != work->version()) {
    return rpc::StaleEtag("joint_work", id, work->etag());
  }
  return *std::move(work);
}

// The record holds no communication needs of its own: they are the referral's, as they stand now.
absl::Status AddNeeds(const ReferralStore& store, const rpc::Call& call, db::Reader& reader,
                      v1::JointWork& work) {
  ASC_TRY_ASSIGN(const v1::Referral referral, ReferralOf(store, call, work.referral_id(), reader));
  *work.mutable_communication() = ForOthers(referral.details().communication());
  return absl::OkStatus();
}

// What whoever is spoken to about a concern has to know, of whoever may be harmed or else of the
// referral's person. Nothing holds a concern up: what cannot be read is left out.
void AddNeeds(const ReferralStore& store, const rpc::Call& call, db::Reader& reader,
              v1::Concern& concern) {
  const std::string& person_id = concern.person().person_id();
  if (person_id.empty() && !concern.referral_id().empty()) {
    const auto referral = store.FindReferral(reader, call.authority, concern.referral_id());
    if (referral.ok() && referral->has_value()) {
      *concern.mutable_communication() = (*referral)->details().communication();
    }
    return;
  }
  AddCommunication(call, person_id, reader, concern).IgnoreError();
}

void BeginConcern(const rpc::Call& call, const v1::RaiseConcernRequest& request,
                  v1::Concern& concern) {
  concern.set_concern_id(call.NewId());
  concern.set_authority(call.authority);
  concern.set_kind(request.kind());
  *concern.mutable_raised_at() = ToTimestamp(call.now);
  concern.set_raised_by(call.caller == nullptr ? "" : call.caller->subject);
}

// What is well-formed goes into the record; what is not is kept as it was told, and what was known
// before stays. `field` is where it was told.
void TakeIdentifier(type::v1::Format format, const std::string& told, const std::string& field,
                    std::string* known, v1::Concern& concern) {
  if (told.empty()) return;
  auto& unclear = *concern.mutable_unclear();
  if (rpc::FormatFault(format, told) == nullptr) {
    const auto same = [&field](const v1::UnclearIdentifier& one) { return one.field() == field; };
    unclear.erase(std::remove_if(unclear.begin(), unclear.end(), same), unclear.end());
    *known = told;
    return;
  }
  for (const v1::UnclearIdentifier& one : unclear) {
    if (one.field() == field && one.told() == told) return;
  }
  v1::UnclearIdentifier& one = *unclear.Add();
  one.set_field(field);
  one.set_told(told);
}

void TakePerson(const v1::PersonAsTold& told, v1::Concern& concern) {
  type::v1::PersonRef& person = *concern.mutable_person();
  TakeIdentifier(type::v1::FORMAT_ID, told.person_id(), "person.person_id",
                 person.mutable_person_id(), concern);
  TakeIdentifier(type::v1::FORMAT_UNSPECIFIED, told.full_name(), "person.full_name",
                 person.mutable_full_name(), concern);
  TakeIdentifier(type::v1::FORMAT_DATE, told.born_on(), "person.born_on", person.mutable_born_on(),
                 concern);
  TakeIdentifier(type::v1::FORMAT_POSTCODE, told.postcode(), "person.postcode",
                 person.mutable_postcode(), concern);
  TakeIdentifier(type::v1::FORMAT_NHS_NUMBER, told.nhs_number(), "person.nhs_number",
                 person.mutable_nhs_number(), concern);
  if (person.ByteSizeLong() == 0) concern.clear_person();
}

// Puts in what the request holds; what it leaves out stays.
void TakeWhatIsSaid(const v1::RaiseConcernRequest& request, v1::Concern& concern) {
  if (request.has_person()) TakePerson(request.person(), concern);
  if (!request.text().empty()) {
    concern.set_text(concern.text().empty() ? request.text()
                                            : concern.text() + "\n" + request.text());
  }
  if (!request.provider().empty()) concern.set_provider(request.provider());
  TakeIdentifier(type::v1::FORMAT_ID, request.referral_id(), "referral_id",
                 concern.mutable_referral_id(), concern);
  if (!facts::IsUnknown(request.imminent_danger_or_crime()) ||
      concern.imminent_danger_or_crime() == type::v1::ANSWER_UNSPECIFIED) {
    concern.set_imminent_danger_or_crime(request.imminent_danger_or_crime());
  }
}

bool IsOther(const std::string& known, const std::string& told) {
  return !known.empty() && !told.empty() && !absl::EqualsIgnoreCase(known, told);
}

// Whether what is told is of the same kind, person, provider and referral, as far as they are
// known. What is told of another child, adult or home is a concern of its own.
bool IsOfTheSame(const v1::RaiseConcernRequest& told, const v1::Concern& before) {
  if (told.kind() != before.kind()) return false;
  if (IsOther(before.provider(), told.provider())) return false;
  if (IsOther(before.referral_id(), told.referral_id())) return false;
  if (before.text().size() + told.text().size() > kTextMaxBytes) return false;
  v1::Concern alone;
  TakePerson(told.person(), alone);
  const type::v1::PersonRef& now = alone.person();
  // What is known and not told again recognises nobody.
  type::v1::PersonRef known = before.person();
  if (now.person_id().empty()) known.clear_person_id();
  if (now.nhs_number().empty()) known.clear_nhs_number();
  if (now.full_name().empty()) known.clear_full_name();
  if (now.born_on().empty()) known.clear_born_on();
  if (now.postcode().empty()) known.clear_postcode();
  return !checks::MayBeAnother(known, now);
}

// The request as though everything known of the concern had been said with it.
v1::RaiseConcernRequest AsRaised(const v1::RaiseConcernRequest& request,
                                 const v1::Concern& concern) {
  v1::RaiseConcernRequest whole = request;
  whole.set_kind(concern.kind());
  whole.set_text(concern.text());
  whole.set_provider(concern.provider());
  whole.set_imminent_danger_or_crime(concern.imminent_danger_or_crime());
  return whole;
}

}  // namespace

absl::StatusOr<rpc::Result<v1::RaiseConcernResponse>> RaiseConcern(
    const ReferralStore& store, const rpc::Call& call, const v1::RaiseConcernRequest& request,
    db::Reader& reader) {
  v1::RaiseConcernRequest told = request;
  const auto current = CurrentPersonId(reader, call.authority, told.person().person_id());
  if (current.ok() && !current->empty()) told.mutable_person()->set_person_id(*current);
  v1::Concern concern;
  if (!told.concern_id().empty()) {
    auto before = FindConcern(reader, call.authority, told.concern_id());
    // A concern is not held up by what cannot be looked up.
    if (before.ok() && before->has_value() && IsOfTheSame(told, **before)) {
      concern = **std::move(before);
    }
  }
  const bool first = concern.concern_id().empty();
  if (first) BeginConcern(call, told, concern);
  TakeWhatIsSaid(told, concern);
  rpc::Result<v1::RaiseConcernResponse> result;
  result.response = DecideConcern(AsRaised(told, concern), call.PolicyAs<v1::ReferralPolicy>());
  AskAgain(concern, call.PolicyAs<v1::ReferralPolicy>(), *result.response.mutable_decision());
  Stamp(call, *result.response.mutable_decision());
  if (AdvisesEmergency(result.response.actions()) && !concern.has_emergency_advised_at()) {
    *concern.mutable_emergency_advised_at() = ToTimestamp(call.now);
  }
  concern.set_version(concern.version() + 1);
  concern.set_etag(rpc::EtagOf(concern.version()));
  first ? AddConcern(concern, result.writes) : ChangeConcern(concern, result.writes);
  result.writes.Append({.record_type = "concern",
                        .record_id = concern.concern_id(),
                        .record_version = concern.version(),
                        .type = first ? "concern.raised" : "concern.added_to"});
  AddNeeds(store, call, reader, concern);
  *result.response.mutable_concern() = std::move(concern);
  return result;
}

void CheckRaiseConcern(const v1::RaiseConcernRequest& request, rpc::Violations& violations) {
  if (request.imminent_danger_or_crime() != type::v1::ANSWER_YES) return;
  PutAdviceFirst("imminent_danger_or_crime", violations);
}

absl::StatusOr<v1::GetConcernResponse> GetConcern(const ReferralStore& store, const rpc::Call& call,
                                                  const v1::GetConcernRequest& request,
                                                  db::Reader& reader) {
  ASC_TRY_ASSIGN(auto concern, FindConcern(reader, call.authority, request.concern_id()));
  if (!concern.has_value()) return rpc::NotFound("concern", request.concern_id());
  AddNeeds(store, call, reader, *concern);
  v1::GetConcernResponse response;
  *response.mutable_concern() = *std::move(concern);
  return response;
}

absl::StatusOr<v1::ListConcernsResponse> ListConcerns(const ReferralStore&, const rpc::Call&,
                                                      const v1::ListConcernsRequest& request,
                                                      db::Reader& reader) {
  ASC_TRY_ASSIGN(const ListPage page, ReadListPage(request));
  ASC_TRY_ASSIGN(const Person person, PersonOf(reader, request.authority(), request.person_id()));
  ASC_TRY_ASSIGN(auto rows, ListConcerns(reader, request, person, page.after, page.size + 1));
  v1::ListConcernsResponse response;
  if (rows.size() > static_cast<std::size_t>(page.size)) {
    rows.pop_back();
    response.set_next_page_token(
        NextToken(request, rows.back().raised_at(), rows.back().concern_id()));
  }
  for (auto& row : rows) *response.add_concerns() = std::move(row);
  return response;
}

absl::StatusOr<rpc::Result<v1::RequestJointWorkResponse>> RequestJointWork(
    const ReferralStore& store, const rpc::Call& call, const v1::RequestJointWorkRequest& request,
    db::Reader& reader) {
  ASC_TRY_ASSIGN(const v1::Referral referral,
                 ReferralOf(store, call, request.referral_id(), reader));
  if (IsFinal(referral.status())) {
    return rpc::PreconditionFailed("REFERRAL_STATUS", request.referral_id(),
                                   "the referral is completed or withdrawn; reopen it first");
  }
  rpc::Result<v1::RequestJointWorkResponse> result;
  v1::Decision& decision = *result.response.mutable_decision();
  decision = DecideJointRequest(request, call.PolicyAs<v1::ReferralPolicy>());
  Stamp(call, decision);
  if (decision.outcome() != v1::OUTCOME_PERMITTED &&
      decision.outcome() != v1::OUTCOME_NOT_COVERED) {
    return result;
  }
  v1::JointWork& work = *result.response.mutable_joint_work();
  work.set_joint_work_id(call.NewId());
  work.set_authority(call.authority);
  SetVersion(1, work);
  work.set_referral_id(request.referral_id());
  work.set_with_whom(request.with_whom());
  work.set_nature(request.nature());
  *work.mutable_skills_needed() = request.skills_needed();
  work.set_agreed(request.agreed());
  work.set_best_interests(request.best_interests());
  work.set_unable_to_consent(request.unable_to_consent());
  AddJointWork(work, result.writes);
  *work.mutable_communication() = ForOthers(referral.details().communication());
  result.writes.Append(EventOf(work, "joint_work.requested"));
  return result;
}

absl::StatusOr<rpc::Result<v1::RespondToJointWorkResponse>> RespondToJointWork(
    const ReferralStore& store, const rpc::Call& call, const v1::RespondToJointWorkRequest& request,
    db::Reader& reader) {
  rpc::Result<v1::RespondToJointWorkResponse> result;
  v1::JointWork& work = *result.response.mutable_joint_work();
  ASC_TRY_ASSIGN(work, WorkToChange(call, request.joint_work_id(), request.etag(), reader));
  v1::Decision& decision = *result.response.mutable_decision();
  decision =
      DecideJointResponse(request.terms(), request.delayed(), call.PolicyAs<v1::ReferralPolicy>());
  Stamp(call, decision);
  SetVersion(work.version() + 1, work);
  *work.mutable_terms() = request.terms();
  work.set_delayed(request.delayed());
  // The choice was about a delay that there is no longer.
  if (work.delayed() != type::v1::ANSWER_YES) work.clear_delay_choice();
  ChangeJointWork(work, result.writes);
  ASC_TRY(AddNeeds(store, call, reader, work));
  result.writes.Append(EventOf(work, "joint_work.answered"));
  return result;
}

absl::StatusOr<v1::GetJointWorkResponse> GetJointWork(const ReferralStore& store,
                                                      const rpc::Call& call,
                                                      const v1::GetJointWorkRequest& request,
                                                      db::Reader& reader) {
  ASC_TRY_ASSIGN(auto work, FindJointWork(reader, call.authority, request.joint_work_id()));
  if (!work.has_value()) return rpc::NotFound("joint_work", request.joint_work_id());
  v1::GetJointWorkResponse response;
  ASC_TRY(AddNeeds(store, call, reader, *work));
  *response.mutable_joint_work() = *std::move(work);
  return response;
}

absl::StatusOr<rpc::Result<v1::ChooseOnDelayResponse>> ChooseOnDelay(
    const ReferralStore& store, const rpc::Call& call, const v1::ChooseOnDelayRequest& request,
    db::Reader& reader) {
  rpc::Result<v1::ChooseOnDelayResponse> result;
  v1::JointWork& work = *result.response.mutable_joint_work();
  ASC_TRY_ASSIGN(work, WorkToChange(call, request.joint_work_id(), request.etag(), reader));
  if (work.delayed() != type::v1::ANSWER_YES) {
    return rpc::PreconditionFailed("JOINT_WORK_NOT_DELAYED", request.joint_work_id(),
                                   "there is no delay to choose on");
  }
  SetVersion(work.version() + 1, work);
  work.set_delay_choice(request.choice());
  ChangeJointWork(work, result.writes);
  ASC_TRY(AddNeeds(store, call, reader, work));
  result.writes.Append(EventOf(work, "joint_work.delay_chosen"));
  return result;
}

}  // namespace asc::referral
