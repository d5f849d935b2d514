// Requests that the shipped policies allow, and whole listings: what several tests ask and read.

#ifndef ASC_TESTS_SUPPORT_SAMPLES_H_
#define ASC_TESTS_SUPPORT_SAMPLES_H_

#include <grpcpp/channel.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "asc/events/v1/events.pb.h"
#include "asc/gateway/v1/contact.pb.h"
#include "asc/referral/v1/referral.pb.h"

namespace asc::testing {

// The authority of the samples: the generic procedure, which is no council's own.
inline constexpr char kAuthority[] = "standard";

// Opens a referral for an invented person who asks for it themselves; about 1.2 KB when sent.
referral::v1::OpenReferralRequest OpenReferralSample(const std::string& request_id,
                                                     const std::string& person_id);

// A telephone contact of an invented person that ends in a referral without further questions.
gateway::v1::OpenContactRequest OpenContactSample(const std::string& request_id,
                                                  const std::string& person_id);

// Every referral and every contact of an authority, page by page.
absl::StatusOr<std::vector<referral::v1::ReferralSummary>> ListAllReferrals(
    const std::shared_ptr<grpc::Channel>& channel, const std::string& authority);
absl::StatusOr<std::vector<gateway::v1::ContactSummary>> ListAllContacts(
    const std::shared_ptr<grpc::Channel>& channel, const std::string& authority);

// Every event of an authority committed so far, in the order Watch gives them.
absl::StatusOr<std::vector<events::v1::Event>> AllEvents(
    const std::shared_ptr<grpc::Channel>& channel, const std::string& authority);

// What is wrong with the events of one record type: a version twice, missing or out of order.
// Empty: nothing is.
std::string FaultInVersions(const std::vector<events::v1::Event>& events,
                            const std::string& record_type);

}  // namespace asc::testing

#endif  // ASC_TESTS_SUPPORT_SAMPLES_H_
