// What every contract has to say of its methods and fields, read from the descriptors.

#include <google/protobuf/compiler/importer.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor_database.h>
#include <gtest/gtest.h>

#include <filesystem>
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
using google::protobuf::DescriptorPool;
using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
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

// The contracts with their comments, which compiled descriptors do not hold: read from the files.
class Commented {
 public:
  Commented() { tree_.MapPath("", "protos"); }

  std::vector<const FileDescriptor*> Files() {
    std::vector<const FileDescriptor*> files;
    // Tests run with the source tree as working folder.
    for (const auto& entry : std::filesystem::recursive_directory_iterator("protos/asc")) {
      if (entry.path().extension() != ".proto") continue;
      const std::string name = entry.path().lexically_relative("protos").generic_string();
      files.push_back(pool_.FindFileByName(name));
      EXPECT_NE(files.back(), nullptr) << name << " cannot be read";
    }
    return files;
  }

 private:
  google::protobuf::compiler::DiskSourceTree tree_;
  // What is not of this folder comes from the compiled files.
  google::protobuf::DescriptorPoolDatabase compiled_{*DescriptorPool::generated_pool()};
  google::protobuf::compiler::SourceTreeDescriptorDatabase database_{&tree_, &compiled_};
  DescriptorPool pool_{&database_};
};

template <class Element>
bool HasComment(const Element& element) {
  google::protobuf::SourceLocation location;
  if (!element.GetSourceLocation(&location)) return false;
  return !location.leading_comments.empty() || !location.trailing_comments.empty();
}

bool EndsWith(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

// protos/README.md says once what these mean; a name is added here only together with its line
// there.
bool IsSaidOnce(const FieldDescriptor& field) {
  static const std::set<std::string> kNames = {
      "authority", "request_id", "etag", "version", "policy_hash", "page_size", "page_token",
      "next_page_token", "policy_version", "validate_only", "created_at", "changed_at",
      "updated_at", "opened_at", "recorded_at", "decided_at", "changed_by", "recorded_by",
      "decision", "reasons", "questions", "citations", "rule_id", "strength", "person", "facts",
      "guidance", "words", "note", "notes", "full_name", "telephone", "email", "uri",
      // Ids of records, and of the caller's persons, workers and teams.
      "referral_id", "contact_id", "person_id", "worker_id", "team_id", "service_id", "advice_id",
      "review_id", "custody_id", "callback_id", "location_id", "organization_id", "allocation_id",
      "joint_work_id", "advocacy_need_id", "funding_request_id"};
  return kNames.count(field.name()) > 0;
}

// The record, or the records, that a method answers with.
bool IsAnswer(const FieldDescriptor& field) {
  return EndsWith(field.containing_type()->name(), "Response") && field.message_type() != nullptr;
}

// The public reads of the directory: the standard that they follow says what its names mean.
bool IsOfTheStandard(const Descriptor& message) {
  return message.file()->package() == "asc.directory.v1" &&
         message.name().find("Oruk") != std::string::npos;
}

// Requests and answers are explained by their method.
bool IsOfAMethod(const Descriptor& message) {
  return EndsWith(message.name(), "Request") || EndsWith(message.name(), "Response");
}

void ExpectComments(const EnumDescriptor& type) {
  EXPECT_TRUE(HasComment(type)) << type.full_name() << ": say what it is";
  if (type.full_name() == "asc.directory.v1.Weekday") return;  // Its names say it all.
  for (int i = 0; i < type.value_count(); ++i) {
    const EnumValueDescriptor& value = *type.value(i);
    if (EndsWith(value.name(), "_UNSPECIFIED")) continue;
    EXPECT_TRUE(HasComment(value)) << value.full_name() << ": say when it is used";
  }
}

void ExpectComments(const Descriptor& message) {
  if (message.options().map_entry()) return;
  EXPECT_TRUE(IsOfAMethod(message) || HasComment(message)) << message.full_name();
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    if (IsSaidOnce(field) || IsAnswer(field) || IsOfTheStandard(message)) continue;
    EXPECT_TRUE(HasComment(field)) << field.full_name() << ": say what its name does not";
  }
  for (int i = 0; i < message.nested_type_count(); ++i) ExpectComments(*message.nested_type(i));
  for (int i = 0; i < message.enum_type_count(); ++i) ExpectComments(*message.enum_type(i));
}

TEST(Contracts, EverythingThatItsNameDoesNotSayHasAComment) {
  Commented contracts;
  const auto files = contracts.Files();
  EXPECT_GE(files.size(), Contracts().size());
  for (const FileDescriptor* file : files) {
    if (file == nullptr) continue;
    for (int i = 0; i < file->enum_type_count(); ++i) ExpectComments(*file->enum_type(i));
    for (int i = 0; i < file->message_type_count(); ++i) ExpectComments(*file->message_type(i));
    for (int s = 0; s < file->service_count(); ++s) {
      EXPECT_TRUE(HasComment(*file->service(s))) << file->service(s)->full_name();
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        const MethodDescriptor& method = *file->service(s)->method(m);
        EXPECT_TRUE(HasComment(method)) << method.full_name() << ": say what it does";
      }
    }
  }
}

}  // namespace
}  // namespace asc::tidy
