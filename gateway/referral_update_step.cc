#include "gateway/referral_update_step.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "asc/referral/v1/referral.pb.h"
#include "gateway/referral_steps.h"
#include "google/protobuf/util/message_differencer.h"
#include "platform/facts/parts.h"

namespace asc::gateway {
namespace {

namespace rv1 = asc::referral::v1;
using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;

constexpr char kService[] = "referral";
constexpr char kUpdateReferral[] = "/asc.referral.v1.ReferralService/UpdateReferral";
// As many as the contract takes; beyond that whole parts are named.
constexpr std::size_t kPathsMax = 100;

// The paths of the values in which the two differ.
void AddChanged(const Message& before, const Message& now, const std::string& prefix,
                std::vector<std::string>& paths) {
  const auto* type = now.GetDescriptor();
  for (int at = 0; at < type->field_count(); ++at) {
    const auto* field = type->field(at);
    const std::string path = absl::StrCat(prefix, field->name());
    if (facts::IsPart(*field)) {
      if (!before.GetReflection()->HasField(before, field) &&
          !now.GetReflection()->HasField(now, field)) {
        continue;
      }
      AddChanged(before.GetReflection()->GetMessage(before, field),
                 now.GetReflection()->GetMessage(now, field), path + ".", paths);
      continue;
    }
    MessageDifferencer same;
    std::vector<const google::protobuf::FieldDescriptor*> one = {field};
    if (!same.CompareWithFields(before, now, one, one)) paths.push_back(path);
  }
}

std::vector<std::string> Changed(const rv1::ReferralDetails& before,
                                 const rv1::ReferralDetails& now) {
  std::vector<std::string> paths;
  AddChanged(before, now, "", paths);
  if (paths.size() <= kPathsMax) return paths;
  std::set<std::string> parts;
  for (const std::string& path : paths) parts.insert(path.substr(0, path.find('.')));
  return {parts.begin(), parts.end()};
}

// The step that opened the referral; null: none, or it was open already.
const journal::StoredStep* Opening(const StepGround& ground) {
  const auto found = ground.recorded.find(v1::STEP_KIND_REFERRAL);
  if (found == ground.recorded.end()) return nullptr;
  const auto& outcomes = found->second->outcomes();
  const bool opened =
      std::find(outcomes.begin(), outcomes.end(), v1::OUTCOME_REFERRAL_OPENED) != outcomes.end();
  return opened ? found->second : nullptr;
}

// What the referral service was told last, and the etag it answered with.
struct Told {
  rv1::ReferralDetails details;
  std::string etag;
};

bool ReadTold(const StepGround& ground, const journal::StoredStep& opening, Told& told) {
  if (const auto* updated = DoneStep(ground, v1::STEP_KIND_REFERRAL_UPDATE)) {
    rv1::UpdateReferralRequest request;
    rv1::UpdateReferralResponse response;
    if (!request.ParseFromString(updated->request())) return false;
    if (!response.ParseFromString(updated->response())) return false;
    told = {request.details(), response.referral().etag()};
    return true;
  }
  rv1::OpenReferralRequest request;
  rv1::OpenReferralResponse response;
  if (!request.ParseFromString(opening.request())) return false;
  if (!response.ParseFromString(opening.response())) return false;
  told = {request.details(), response.referral().etag()};
  return true;
}

}  // namespace

bool NeedsReferralUpdate(const StepGround& ground) {
  const journal::StoredStep* opening = Opening(ground);
  if (opening == nullptr) return false;
  // What was added stays added.
  if (DoneStep(ground, v1::STEP_KIND_REFERRAL_UPDATE) != nullptr) return true;
  Told told;
  return ReadTold(ground, *opening, told) &&
         !Changed(told.details, DetailsOf(ground.contact)).empty();
}

void AskReferralUpdate(const StepGround& ground, journal::StoredStep& step) {
  const journal::StoredStep& opening = *Opening(ground);
  Told told;
  if (!ReadTold(ground, opening, told)) return;
  rv1::UpdateReferralRequest request;
  *request.mutable_details() = DetailsOf(ground.contact);
  const std::vector<std::string> paths = Changed(told.details, request.details());
  const journal::StoredStep* updated = DoneStep(ground, v1::STEP_KIND_REFERRAL_UPDATE);
  if (paths.empty() && updated != nullptr) {
    // Nothing new: the same again, which nobody is asked twice.
    request.ParseFromString(updated->request());
  } else {
    request.mutable_update_paths()->Assign(paths.begin(), paths.end());
  }
  request.set_referral_id(opening.record_id());
  request.set_etag(told.etag);
  Send(ground, kService, kUpdateReferral, request, step);
}

bool ReadReferralUpdate(const v1::GatewayPolicy&, journal::StoredStep& step) {
  rv1::UpdateReferralResponse response;
  if (!response.ParseFromString(step.response())) return false;
  if (response.referral().referral_id().empty()) return false;
  step.mutable_decision()->set_outcome("REFERRAL_UPDATED");
  return true;
}

}  // namespace asc::gateway
