#include "tests/bench/targets.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "asc/advocacy/v1/advocacy.pb.h"
#include "asc/bench/v1/bench.pb.h"
#include "asc/directory/v1/directory.pb.h"
#include "asc/funding/v1/funding.pb.h"
#include "asc/gateway/v1/contact.pb.h"
#include "asc/referral/v1/referral.pb.h"
#include "google/protobuf/util/json_util.h"
#include "platform/status/macros.h"
#include "tests/support/request_maker.h"
#include "tests/support/samples.h"

namespace asc::bench {
namespace {

using google::protobuf::Message;
using testing::kAuthority;
using testing::Program;
using type::v1::ANSWER_NO;
using type::v1::ANSWER_YES;

using Request = std::function<grpc::Slice(std::uint64_t, const std::string&)>;

// What a record with its notes is like.
constexpr std::size_t kMessageBytes = 1200;
constexpr int kListPage = 50;
constexpr char kPerson[] = "bench-person";

// The same bytes each time.
Request Always(const std::string& bytes) {
  return [slice = grpc::Slice(bytes)](std::uint64_t, const std::string&) { return slice; };
}
Request Always(const Message& message) { return Always(message.SerializeAsString()); }

// Keys of writing requests: new ones in each process.
class FreshKeys {
 public:
  // A key of the same length that is found again in bytes: nothing else looks like it.
  static constexpr char kMark[] = "bench-key-0000000000000000";

  std::string Key(std::uint64_t number) const {
    return absl::StrCat("bench-", absl::Hex(boot_ & 0xffffffff, absl::kZeroPad8),
                        absl::Hex(number, absl::kZeroPad12));
  }

 private:
  std::size_t boot_ = std::hash<std::string>()(testing::FreshRequestId());
};

// Bytes that hold FreshKeys::kMark, with a fresh key in its place each time: put together once,
// patched after, so that the client does not pay for what it does not measure.
Request WithFreshKey(const std::string& bytes) {
  const std::size_t at = bytes.find(FreshKeys::kMark);
  return [bytes, at, keys = FreshKeys()](std::uint64_t number, const std::string&) {
    std::string copy = bytes;
    const std::string key = keys.Key(number);
    copy.replace(at, key.size(), key);
    return grpc::Slice(copy);
  };
}

Target OneStep(const std::string& address, const std::string& method, Request request) {
  return {address, {{method, std::move(request)}}};
}

std::string Get(const std::string& path) {
  return absl::StrCat("GET ", path, " HTTP/1.1\r\nHost: localhost\r\n\r\n");
}

std::string Post(const std::string& path, const Message& message) {
  std::string body;
  static_cast<void>(google::protobuf::util::MessageToJsonString(message, &body));
  return absl::StrCat("POST ", path, " HTTP/1.1\r\nHost: localhost\r\n",
                      "Content-Type: application/json\r\nContent-Length: ", body.size(), "\r\n\r\n",
                      body);
}

Target OverHttp(const std::string& address, Request request) {
  return {address, {{"", std::move(request)}}, Protocol::kHttp};
}

std::string PathOf(const char* collection) {
  return absl::StrCat("/v1/authorities/", kAuthority, "/", collection);
}

v1::NoOpRequest NoOpRequest() {
  v1::NoOpRequest request;
  request.set_authority(kAuthority);
  request.set_text(std::string(kMessageBytes, 'x'));
  return request;
}

// A person who cannot hold on to what is said and has nobody to help: a duty everywhere.
advocacy::v1::AdvocacyFacts OwedFacts() {
  advocacy::v1::AdvocacyFacts facts;
  facts.set_subject(advocacy::v1::SUBJECT_PERSON);
  facts.set_process_will_follow(ANSWER_YES);
  facts.set_process(advocacy::v1::PROCESS_REVIEW);
  facts.set_plan_revision_expected(ANSWER_YES);
  facts.add_limbs()->set_limb(advocacy::v1::LIMB_RETAINING);
  facts.mutable_limbs(0)->set_substantial_difficulty(ANSWER_YES);
  facts.mutable_appropriate_person()->set_exists(ANSWER_NO);
  return facts;
}

// Visits tonight, with every factor that a decision must regard.
funding::v1::OpenFundingRequestRequest VisitsTonight() {
  funding::v1::OpenFundingRequestRequest request;
  request.set_authority(kAuthority);
  request.set_request_id(FreshKeys::kMark);
  request.mutable_person()->set_person_id(kPerson);
  funding::v1::FundingContent& content = *request.mutable_content();
  content.mutable_urgent()->set_appears_urgent(ANSWER_YES);
  content.set_needs("Invented: cannot get up alone since this morning");
  funding::v1::FundingFactors& factors = *content.mutable_factors();
  factors.mutable_wishes()->set_considered(ANSWER_YES);
  factors.mutable_other_options()->set_considered(ANSWER_YES);
  factors.mutable_cost_of_suitable_services()->set_considered(ANSWER_YES);
  factors.mutable_risk()->set_considered(ANSWER_YES);
  funding::v1::SupportItem& item = *content.add_items();
  item.set_item_id("1");
  item.set_kind(funding::v1::SUPPORT_KIND_HOME_CARE);
  item.set_description("Visits tonight");
  item.mutable_cost()->set_pence(20000);
  return request;
}

// Of the request that `Answer` holds; a fresh key, kept apart from the other steps' by `step`.
template <class Next, class Answer>
Next After(const std::string& answer, const std::string& key, const char* step) {
  Answer before;
  before.ParseFromString(answer);
  Next next;
  next.set_authority(kAuthority);
  next.set_request_id(key + step);
  next.set_funding_request_id(before.funding_request().funding_request_id());
  next.set_etag(before.funding_request().etag());
  return next;
}

// The authority whose file of shipped entries is the largest.
std::string LargestDirectory() {
  std::string name;
  std::uintmax_t largest = 0;
  for (const auto& file : std::filesystem::directory_iterator("directory-svc/data")) {
    if (file.file_size() <= largest) continue;
    largest = file.file_size();
    name = file.path().stem();
  }
  return name;
}

}  // namespace

Target NoOp(const std::string& address) {
  return OneStep(address, "/asc.bench.v1.BenchService/NoOp", Always(NoOpRequest()));
}

Target NoOpOverHttp(const std::string& address) {
  return OverHttp(
      address, Always(Post(absl::StrCat("/v1/authorities/", kAuthority, ":noOp"), NoOpRequest())));
}

Target OpenReferral(const testing::Suite& suite) {
  return OneStep(
      suite.address(Program::kReferral), "/asc.referral.v1.ReferralService/OpenReferral",
      WithFreshKey(testing::OpenReferralSample(FreshKeys::kMark, kPerson).SerializeAsString()));
}

Target OpenContact(const testing::Suite& suite) {
  return OneStep(
      suite.address(Program::kGateway), "/asc.gateway.v1.ContactService/OpenContact",
      WithFreshKey(testing::OpenContactSample(FreshKeys::kMark, kPerson).SerializeAsString()));
}

Target OpenContactOverHttp(const testing::Suite& suite) {
  return OverHttp(suite.http_address(),
                  WithFreshKey(Post(PathOf("contacts"),
                                    testing::OpenContactSample(FreshKeys::kMark, kPerson))));
}

Target DecideFunding(const testing::Suite& suite) {
  using namespace funding::v1;  // NOLINT(build/namespaces): of eight names here
  const FreshKeys keys;
  const std::string service = "/asc.funding.v1.FundingService/";
  Target target;
  target.address = suite.address(Program::kFunding);
  target.steps.push_back(
      {service + "OpenFundingRequest", WithFreshKey(VisitsTonight().SerializeAsString())});
  target.steps.push_back(
      {service + "SubmitFundingRequest", [keys](std::uint64_t number, const std::string& answer) {
         return grpc::Slice(After<SubmitFundingRequestRequest, OpenFundingRequestResponse>(
                                answer, keys.Key(number), "-submit")
                                .SerializeAsString());
       }});
  target.steps.push_back(
      {service + "DecideFunding",
       [keys](std::uint64_t number, const std::string& answer) {
         auto request = After<DecideFundingRequest, SubmitFundingRequestResponse>(
             answer, keys.Key(number), "-decide");
         DecisionMade& decision = *request.mutable_decision();
         decision.set_outcome(FUNDING_OUTCOME_AGREED);
         decision.set_rationale("The visits keep them safe until the assessment.");
         decision.set_meets_needs_now(ANSWER_YES);
         decision.add_grounds()->set_code(GROUND_CODE_RISK);
         decision.mutable_grounds(0)->set_fact("factors.risk");
         return grpc::Slice(request.SerializeAsString());
       },
       // Who asked may not decide.
       {{"asc-subject", "bench-decider"}, {"asc-authorities", "*"}, {"asc-permissions", "*"}}});
  return target;
}

absl::StatusOr<ReferralReads> GetReferral(const testing::Suite& suite) {
  ASC_TRY_ASSIGN(const auto all,
                 testing::ListAllReferrals(suite.NewChannel(Program::kReferral), kAuthority));
  if (all.empty()) return absl::NotFoundError("no referral to read");
  std::vector<grpc::Slice> messages;
  std::vector<grpc::Slice> gets;
  for (const auto& summary : all) {
    referral::v1::GetReferralRequest request;
    request.set_authority(kAuthority);
    request.set_referral_id(summary.referral_id());
    messages.emplace_back(request.SerializeAsString());
    gets.emplace_back(Get(absl::StrCat(PathOf("referrals"), "/", summary.referral_id())));
  }
  // A step without a common divisor visits every record in an order that no cache expects.
  const auto in_turn = [](std::vector<grpc::Slice> requests) {
    constexpr std::uint64_t kStep = 7919;
    return [requests = std::move(requests)](std::uint64_t number, const std::string&) {
      return requests[number * kStep % requests.size()];
    };
  };
  return ReferralReads{
      .grpc = OneStep(suite.address(Program::kReferral),
                      "/asc.referral.v1.ReferralService/GetReferral", in_turn(std::move(messages))),
      .http = OverHttp(suite.http_address(), in_turn(std::move(gets)))};
}

Target ListReferrals(const testing::Suite& suite) {
  referral::v1::ListReferralsRequest request;
  request.set_authority(kAuthority);
  request.set_page_size(kListPage);
  return OneStep(suite.address(Program::kReferral),
                 "/asc.referral.v1.ReferralService/ListReferrals", Always(request));
}

Target CheckAdvocacy(const testing::Suite& suite) {
  advocacy::v1::CheckAdvocacyRequest request;
  request.set_authority(kAuthority);
  *request.mutable_facts() = OwedFacts();
  return OneStep(suite.address(Program::kAdvocacy),
                 "/asc.advocacy.v1.AdvocacyService/CheckAdvocacy", Always(request));
}

absl::StatusOr<Target> CheckHold(const testing::Suite& suite) {
  const std::string& address = suite.address(Program::kAdvocacy);
  advocacy::v1::OpenAdvocacyNeedRequest open;
  open.set_authority(kAuthority);
  open.set_request_id(FreshKeys::kMark);
  open.mutable_person()->set_person_id(kPerson);
  *open.mutable_facts() = OwedFacts();
  ASC_TRY_ASSIGN(const std::string opened,
                 Once(OneStep(address, "/asc.advocacy.v1.AdvocacyService/OpenAdvocacyNeed",
                              WithFreshKey(open.SerializeAsString())),
                      0));
  advocacy::v1::OpenAdvocacyNeedResponse need;
  if (!need.ParseFromString(opened)) return absl::InternalError("not an advocacy need");

  advocacy::v1::CheckHoldRequest request;
  request.set_authority(kAuthority);
  request.set_advocacy_need_id(need.advocacy_need().advocacy_need_id());
  request.set_act(advocacy::v1::ACT_LONG_TERM_DECISION);
  return OneStep(address, "/asc.advocacy.v1.AdvocacyService/CheckHold", Always(request));
}

absl::StatusOr<Target> SearchServices(const testing::Suite& suite) {
  directory::v1::SearchServicesRequest request;
  request.set_authority(LargestDirectory());
  request.set_words("support");
  Target target = OneStep(suite.address(Program::kDirectory),
                          "/asc.directory.v1.DirectoryService/SearchServices", Always(request));
  ASC_TRY_ASSIGN(const std::string answer, Once(target, 0));
  directory::v1::SearchServicesResponse response;
  if (!response.ParseFromString(answer) || response.hits().empty()) {
    return absl::NotFoundError(absl::StrCat("nothing is found in ", request.authority()));
  }
  return target;
}

}  // namespace asc::bench
