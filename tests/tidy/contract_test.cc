// What every contract has to say of its methods and fields, read from the descriptors.

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "asc/advocacy/v1/advocacy.pb.h"
#include "asc/directory/v1/directory.pb.h"
#include "asc/events/v1/events.pb.h"
#include "asc/funding/v1/funding.pb.h"
#include "asc/gateway/v1/contact.pb.h"
#include "asc/identity/v1/identity.pb.h"
#include "asc/referral/v1/referral.pb.h"
#include "asc/type/v1/options.pb.h"
#include "google/api/annotations.pb.h"

namespace asc::tidy {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;

std::vector<const FileDescriptor*> Contracts() {
  return {
      advocacy::v1::AdvocacyNeed::descriptor()->file(),
      directory::v1::Service::descriptor()->file(),
      events::v1::Event::descriptor()->file(),
      funding::v1::FundingRequest::descriptor()->file(),
      gateway::v1::Contact::descriptor()->file(),
      identity::v1::GetIdentityRequest::descriptor()->file(),
      referral::v1::Referral::descriptor()->file(),
  };
}

std::vector<const MethodDescriptor*> Methods() {
  std::vector<const MethodDescriptor*> methods;
  for (const FileDescriptor* file : Contracts()) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        methods.push_back(file->service(s)->method(m));
      }
    }
  }
  return methods;
}

// Calls `visit` for every field that a request of this type can hold, once per message type.
template <class Visit>
void EachField(const Descriptor& message, std::set<const Descriptor*>& seen, Visit visit) {
  if (message.file()->package().rfind("asc.", 0) != 0 || !seen.insert(&message).second) return;
  for (int i = 0; i < message.field_count(); ++i) {
    visit(*message.field(i));
    const Descriptor* const inner = message.field(i)->message_type();
    if (inner != nullptr) EachField(*inner, seen, visit);
  }
}

bool Changes(const MethodDescriptor& method) {
  return method.input_type()->FindFieldByName("request_id") != nullptr;
}

bool IsOwnedByAnAuthority(const MethodDescriptor& method) {
  return method.file()->package() != "asc.identity.v1";
}

TEST(Contracts, EveryFieldOfEveryRequestSaysHowPrivateItIs) {
  std::set<const Descriptor*> seen;
  for (const MethodDescriptor* method : Methods()) {
    EachField(*method->input_type(), seen, [](const FieldDescriptor& field) {
      const auto& rules = field.options().GetExtension(type::v1::field);
      EXPECT_NE(rules.privacy().category(), type::v1::PRIVACY_CATEGORY_UNSPECIFIED)
          << field.full_name() << ": give it (asc.type.v1.field) with a privacy category";
    });
  }
}

TEST(Contracts, EveryPersonalFieldHasPurposeBasisAndRetention) {
  std::set<const Descriptor*> seen;
  for (const MethodDescriptor* method : Methods()) {
    EachField(*method->input_type(), seen, [](const FieldDescriptor& field) {
      const auto& privacy = field.options().GetExtension(type::v1::field).privacy();
      if (privacy.category() <= type::v1::PRIVACY_CATEGORY_NONE) return;
      EXPECT_FALSE(privacy.purpose().empty()) << field.full_name() << ": name the purpose";
      EXPECT_FALSE(privacy.basis().empty()) << field.full_name() << ": name the legal basis";
      EXPECT_FALSE(privacy.retention().empty()) << field.full_name() << ": name the retention";
    });
  }
}

TEST(Contracts, EveryMethodIsPublicOrNamesAPermission) {
  for (const MethodDescriptor* method : Methods()) {
    const auto& rules = method->options().GetExtension(type::v1::method);
    const bool is_public = rules.access() == type::v1::ACCESS_PUBLIC;
    EXPECT_NE(is_public, rules.access() == type::v1::ACCESS_PERMITTED) << method->full_name();
    EXPECT_EQ(is_public, rules.permission().empty()) << method->full_name();
    EXPECT_FALSE(is_public && Changes(*method)) << method->full_name() << ": a public write";
  }
}

TEST(Contracts, EveryRequestNamesItsAuthorityFirst) {
  for (const MethodDescriptor* method : Methods()) {
    if (!IsOwnedByAnAuthority(*method)) continue;
    const FieldDescriptor* const authority = method->input_type()->FindFieldByNumber(1);
    ASSERT_NE(authority, nullptr) << method->full_name();
    EXPECT_EQ(authority->name(), "authority") << method->full_name();
    const auto& rules = authority->options().GetExtension(type::v1::field);
    EXPECT_TRUE(rules.required()) << method->full_name();
    EXPECT_EQ(rules.format(), type::v1::FORMAT_AUTHORITY) << method->full_name();
  }
}

TEST(Contracts, EveryRequestIdIsRequired) {
  for (const MethodDescriptor* method : Methods()) {
    if (!Changes(*method)) continue;
    const FieldDescriptor* const field = method->input_type()->FindFieldByName("request_id");
    const auto& rules = field->options().GetExtension(type::v1::field);
    EXPECT_EQ(field->number(), 2) << method->full_name();
    EXPECT_TRUE(rules.required()) << method->full_name();
    EXPECT_EQ(rules.format(), type::v1::FORMAT_REQUEST_ID) << method->full_name();
  }
}

TEST(Contracts, EveryListIsPaged) {
  for (const MethodDescriptor* method : Methods()) {
    const Descriptor& request = *method->input_type();
    const Descriptor& response = *method->output_type();
    if (request.FindFieldByName("page_size") == nullptr) continue;
    EXPECT_NE(request.FindFieldByName("page_token"), nullptr) << method->full_name();
    EXPECT_NE(response.FindFieldByName("next_page_token"), nullptr) << method->full_name();
  }
}

TEST(Contracts, EveryUnaryMethodHasItsOwnPathBelowItsAuthority) {
  std::set<std::string> paths;
  for (const MethodDescriptor* method : Methods()) {
    if (method->server_streaming() || !IsOwnedByAnAuthority(*method)) continue;
    const auto& http = method->options().GetExtension(google::api::http);
    const std::string path = !http.get().empty()    ? "GET " + http.get()
                             : !http.post().empty() ? "POST " + http.post()
                                                    : "PATCH " + http.patch();
    EXPECT_NE(path.find(" /v1/authorities/{authority}"), std::string::npos)
        << method->full_name() << ": " << path;
    EXPECT_TRUE(paths.insert(path).second) << method->full_name() << ": " << path << " is taken";
  }
}

TEST(Contracts, EveryServiceOfADomainListsWhatIsDue) {
  for (const FileDescriptor* file : Contracts()) {
    if (file->package() == "asc.identity.v1" || file->package() == "asc.events.v1") continue;
    for (int s = 0; s < file->service_count(); ++s) {
      EXPECT_NE(file->service(s)->FindMethodByName("ListDue"), nullptr)
          << file->service(s)->full_name();
    }
  }
}

}  // namespace
}  // namespace asc::tidy
