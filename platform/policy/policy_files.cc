#include "platform/policy/policy_files.h"

#include <openssl/sha.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/text_format.h"
#include "platform/db/database.h"
#include "platform/rpc/errors.h"
#include "platform/status/macros.h"

namespace asc::policy {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

class FirstError final : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, int column, const std::string& message) override {
    if (text_.empty()) text_ = absl::StrCat(line + 1, ":", column + 1, ": ", message);
  }
  void AddWarning(int, int, const std::string&) override {}
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::string DeterministicBytes(const Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializeWithCachedSizes(&coded);
  return bytes;
}

std::string ContentHash(const Message& message) {
  message.ByteSizeLong();  // SerializeWithCachedSizes needs the sizes.
  const std::string bytes = DeterministicBytes(message);
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest);
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(digest), sizeof digest));
}

std::string StringField(const Message& message, const char* name) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr || field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) return "";
  return message.GetReflection()->GetString(message, field);
}

std::shared_ptr<const Policy> MakePolicy(std::unique_ptr<Message> content) {
  auto policy = std::make_shared<Policy>();
  policy->version.set_authority(StringField(*content, "authority"));
  policy->version.set_version(StringField(*content, "version"));
  policy->version.set_hash(ContentHash(*content));
  policy->content = std::move(content);
  return policy;
}

std::int64_t NowUs() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

PolicySet::PolicySet(const Message& prototype) : prototype_(prototype.New()) {}

absl::StatusOr<std::unique_ptr<PolicySet>> PolicySet::Load(const std::string& folder,
                                                           const Message& prototype,
                                                           const Check& check) {
  std::vector<std::string> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".textproto") files.push_back(entry.path().string());
  }
  if (error || files.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(folder, ": no *.textproto policy file there; name the folder by --policy"));
  }
  std::sort(files.begin(), files.end());
  std::unique_ptr<PolicySet> set(new PolicySet(prototype));
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    if (!in) return absl::InvalidArgumentError(absl::StrCat(file, ": cannot be read"));
    ASC_TRY(set->Add(file, text.str(), check));
  }
  return set;
}

absl::Status PolicySet::Add(const std::string& file, const std::string& text, const Check& check) {
  std::unique_ptr<Message> content(prototype_->New());
  FirstError error;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&error);
  if (!parser.ParseFromString(text, content.get())) {
    return absl::InvalidArgumentError(absl::StrCat(file, ":", error.text()));
  }
  for (const char* field : {"authority", "version"}) {
    if (StringField(*content, field).empty()) {
      return absl::InvalidArgumentError(absl::StrCat(file, ": ", field, ": required"));
    }
  }
  if (check) {
    if (const auto checked = check(*content); !checked.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(file, ": ", std::string(checked.message())));
    }
  }
  auto policy = MakePolicy(std::move(content));
  const std::string authority = policy->version.authority();
  archive_[{authority, policy->version.hash()}] = policy;
  if (!current_.emplace(authority, std::move(policy)).second) {
    return absl::InvalidArgumentError(
        absl::StrCat(file, ": authority: another file has the code \"", authority, "\" already"));
  }
  return absl::OkStatus();
}

absl::Status PolicySet::Archive(db::Database& database) {
  ASC_TRY_ASSIGN(const auto reader, database.Read());
  ASC_TRY_ASSIGN(const auto rows,
                 reader->Query("SELECT authority, hash, content FROM policy_archive", {}));
  std::map<std::pair<std::string, std::string>, bool> kept;
  for (const auto& row : rows) {
    const auto key = std::make_pair(row.Text(0), row.Text(1));
    kept[key] = true;
    if (archive_.contains(key)) continue;
    std::unique_ptr<Message> content(prototype_->New());
    if (!content->ParseFromString(row.Text(2))) {
      return absl::DataLossError(
          absl::StrCat("policy_archive: ", key.first, " ", key.second, " cannot be parsed"));
    }
    // Kept under the hash it had: fields added to the message since do not change the past.
    auto policy = std::make_shared<Policy>();
    policy->version.set_authority(key.first);
    policy->version.set_version(StringField(*content, "version"));
    policy->version.set_hash(key.second);
    policy->content = std::move(content);
    archive_[key] = std::move(policy);
  }
  for (const auto& [authority, policy] : current_) {
    const std::string& hash = policy->version.hash();
    if (kept.contains({authority, hash})) continue;
    const auto written = database.WriteAndWait(db::WriteSet().Insert(
        "INSERT INTO policy_archive (authority, hash, version, content, loaded_at)"
        " VALUES (?, ?, ?, ?, ?)",
        {authority, hash, policy->version.version(),
         db::Bytes{DeterministicBytes(*policy->content)}, NowUs()}));
    // Another replica may have put the same policy there in the meantime.
    if (!written.committed() && written.outcome != db::WriteOutcome::kDuplicate) {
      return absl::UnavailableError(absl::StrCat("policy_archive: ", written.message));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const Policy>> PolicySet::Find(const std::string& authority,
                                                              const std::string& hash) const {
  const auto current = current_.find(authority);
  if (current == current_.end()) {
    return rpc::WithReason(
        absl::NotFoundError("authority: no policy is loaded for it, so it is not served here"),
        "AUTHORITY_NOT_SERVED");
  }
  if (hash.empty() || hash == current->second->version.hash()) return current->second;
  const auto archived = archive_.find({authority, hash});
  if (archived == archive_.end()) {
    return rpc::PreconditionFailed("POLICY_UNKNOWN", authority,
                                   "policy_hash: no policy with this hash was ever loaded here; "
                                   "leave it out to use the current one");
  }
  return archived->second;
}

std::vector<asc::type::v1::PolicyVersion> PolicySet::Versions() const {
  std::vector<asc::type::v1::PolicyVersion> versions;
  for (const auto& [authority, policy] : current_) versions.push_back(policy->version);
  return versions;
}

}  // namespace asc::policy
