#include "directory-svc/directory_entries.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "directory-svc/entries.pb.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/time_util.h"
#include "platform/rpc/errors.h"
#include "platform/rpc/formats.h"
#include "platform/rpc/validation.h"
#include "platform/status/macros.h"

namespace asc::directory {
namespace {

namespace fs = std::filesystem;
using google::protobuf::util::TimeUtil;

constexpr char kTopicFile[] = "topics.textproto";

absl::Status Wrong(const std::string& field, const std::string& what) {
  return absl::InvalidArgumentError(absl::StrCat(field, ": ", what));
}

class FirstError : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, int column, const std::string& message) override {
    if (text_.empty()) text_ = absl::StrCat(line + 1, ":", column + 1, ": ", message);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

absl::Status ReadText(const fs::path& file, google::protobuf::Message& message) {
  std::ifstream stream(file);
  const std::string text((std::istreambuf_iterator<char>(stream)),
                         std::istreambuf_iterator<char>());
  if (!stream) return Wrong(file.filename(), "cannot be read");
  FirstError error;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&error);
  if (parser.ParseFromString(text, &message)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(file.filename().string(), ":", error.text()));
}

bool IsLineRange(const std::string& lines) {
  const std::vector<std::string> ends = absl::StrSplit(lines, '-');
  return ends.size() <= 2 && std::all_of(ends.begin(), ends.end(), [](const std::string& end) {
           return !end.empty() && std::all_of(end.begin(), end.end(), absl::ascii_isdigit);
         });
}

bool IsTimeOfDay(const std::string& time) {
  return time.size() == 5 && time[2] == ':' && time >= "00:00" && time <= "24:00" &&
         absl::ascii_isdigit(time[0]) && absl::ascii_isdigit(time[1]) && time[3] >= '0' &&
         time[3] <= '5' && absl::ascii_isdigit(time[4]);
}

absl::Status CheckOpening(const v1::Opening& opening) {
  for (const std::string& time : {opening.opens_at(), opening.closes_at()}) {
    if (!time.empty() && !IsTimeOfDay(time)) return Wrong("openings", "a time is not HH:MM");
  }
  const bool certain =
      opening.always() || (!opening.opens_at().empty() && !opening.closes_at().empty());
  if (!certain && opening.words().empty()) {
    return Wrong("openings", "hours that are not certain need the words of the source");
  }
  if (opening.always() && !(opening.opens_at() + opening.closes_at()).empty()) {
    return Wrong("openings", "day and night has no times");
  }
  if (certain && opening.days().empty()) return Wrong("openings.days", "required");
  if (certain && !opening.always() && opening.opens_at() >= opening.closes_at()) {
    return Wrong("openings", "closes before it opens");
  }
  return absl::OkStatus();
}

absl::Status CheckPoints(const v1::ServiceContent& content) {
  for (const auto& point : content.contact_points()) {
    if (point.personal()) return Wrong("contact_points", "a personal contact is never published");
    const char* fault = nullptr;
    if (point.kind() == v1::CONTACT_KIND_TELEPHONE) {
      fault = rpc::FormatFault(type::v1::FORMAT_TELEPHONE, point.value());
    } else if (point.kind() == v1::CONTACT_KIND_TEXT) {
      fault = rpc::FormatFault(type::v1::FORMAT_TEXT_NUMBER, point.value());
    } else if (point.kind() == v1::CONTACT_KIND_EMAIL) {
      fault = rpc::FormatFault(type::v1::FORMAT_EMAIL, point.value());
    }
    if (fault != nullptr) return Wrong("contact_points.value", fault);
  }
  return absl::OkStatus();
}

absl::Status CheckConditions(const v1::ServiceContent& content) {
  for (const auto& condition : content.eligibility()) {
    if (condition.words().empty()) return Wrong("eligibility.words", "required");
    const bool aged = condition.age_min() != 0 || condition.age_max() != 0;
    if (aged != (condition.kind() == v1::ELIGIBILITY_KIND_AGE)) {
      return Wrong("eligibility", "ages belong to the kind AGE, and only to it");
    }
    if (condition.age_max() != 0 && condition.age_min() > condition.age_max()) {
      return Wrong("eligibility", "nobody is of such an age");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckContent(const v1::ServiceContent& content,
                          const std::map<std::string, std::string>& topics) {
  static const rpc::Validator validator(v1::ServiceContent::descriptor());
  rpc::Violations violations;
  validator.Check(content, violations);
  ASC_TRY(violations.ToStatus());
  if (content.internal()) return Wrong("internal", "what is for staff only is not shipped");
  if (content.kinds().empty()) return Wrong("kinds", "required");
  for (const std::string& topic : content.taxonomy_term_ids()) {
    if (!topics.contains(topic)) return Wrong("taxonomy_term_ids", "no such topic: " + topic);
  }
  for (const auto& place : content.places()) {
    if (place.secret()) return Wrong("places", "a secret place is never published");
  }
  for (const auto& opening : content.openings()) ASC_TRY(CheckOpening(opening));
  ASC_TRY(CheckPoints(content));
  return CheckConditions(content);
}

absl::Status AddSources(const entries::EntryFile& file, const entries::Entry& entry,
                        v1::ServiceContent& content) {
  if (file.owner() == kNationalOwner) {
    if (content.sources().empty()) return Wrong("content.sources", "required");
    return absl::OkStatus();
  }
  if (entry.lines().empty()) return Wrong("lines", "required");
  for (const std::string& lines : entry.lines()) {
    if (!IsLineRange(lines)) return Wrong("lines", "not a line or a range of lines");
    v1::Source& source = *content.add_sources();
    source.set_name(file.procedure());
    const bool several = lines.find('-') != std::string::npos;
    source.set_provision((several ? "lines " : "line ") + lines);
  }
  return absl::OkStatus();
}

absl::StatusOr<Entry> MakeEntry(const entries::EntryFile& file, const entries::Entry& from,
                                const std::map<std::string, std::string>& topics) {
  if (rpc::FormatFault(type::v1::FORMAT_ID, from.service_id()) != nullptr) {
    return Wrong("service_id", "required, without spaces");
  }
  const bool national = file.owner() == kNationalOwner;
  if (national != !from.published_by().empty()) {
    return Wrong("published_by", "belongs to national entries, and only to them");
  }
  Entry entry;
  v1::Service& service = entry.service;
  service.set_service_id(from.service_id());
  service.set_version(1);
  service.set_etag(rpc::EtagOf(1));
  service.set_state(v1::SERVICE_STATE_PUBLISHED);
  service.set_owner(file.owner());
  TimeUtil::FromString(file.entered_on() + "T00:00:00Z", service.mutable_created_at());
  *service.mutable_changed_at() = service.created_at();
  *service.mutable_published_at() = service.created_at();
  service.set_changed_by("shipped data");
  *service.mutable_content() = from.content();
  ASC_TRY(AddSources(file, from, *service.mutable_content()));
  ASC_TRY(CheckContent(service.content(), topics));
  entry.shown_by.assign(from.published_by().begin(), from.published_by().end());
  if (!national) entry.shown_by = {file.owner()};
  return entry;
}

absl::Status AddFile(const fs::path& path, Entries& entries, std::set<std::string>& ids) {
  entries::EntryFile file;
  ASC_TRY(ReadText(path, file));
  const std::string name = path.filename().string();
  if (path.stem() != file.owner()) return Wrong(name + ": owner", "not the name of the file");
  if (rpc::FormatFault(type::v1::FORMAT_DATE, file.entered_on()) != nullptr) {
    return Wrong(name + ": entered_on", "not a date");
  }
  for (const entries::Entry& from : file.entries()) {
    const std::string place = absl::StrCat(name, ": ", from.service_id());
    if (!ids.insert(from.service_id()).second) return Wrong(place, "given twice");
    auto entry = MakeEntry(file, from, entries.topics);
    if (!entry.ok()) return Wrong(place, std::string(entry.status().message()));
    entries.entries.push_back(*std::move(entry));
  }
  return absl::OkStatus();
}

absl::Status ReadTopics(const fs::path& folder, Entries& entries) {
  entries::TopicFile file;
  ASC_TRY(ReadText(folder / kTopicFile, file));
  for (const entries::Topic& topic : file.topics()) {
    const std::string place = absl::StrCat(kTopicFile, ": ", topic.topic_id());
    if (rpc::FormatFault(type::v1::FORMAT_ID, topic.topic_id()) != nullptr) {
      return Wrong(place, "topic_id: required, without spaces");
    }
    if (topic.name().empty()) return Wrong(place, "name: required");
    if (!entries.topics.emplace(topic.topic_id(), topic.name()).second) {
      return Wrong(place, "given twice");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Entries> LoadEntries(const std::string& folder) {
  std::error_code error;
  std::vector<fs::path> files;
  for (const auto& file : fs::directory_iterator(folder, error)) {
    const fs::path& path = file.path();
    if (path.extension() == ".textproto" && path.filename() != kTopicFile) files.push_back(path);
  }
  if (files.empty()) return Wrong(folder, "holds no entries");
  std::sort(files.begin(), files.end());
  Entries entries;
  ASC_TRY(ReadTopics(folder, entries));
  std::set<std::string> ids;
  for (const fs::path& file : files) ASC_TRY(AddFile(file, entries, ids));
  return entries;
}

absl::Status CheckAgainstPolicy(const Entries& entries, const v1::DirectoryPolicy& policy) {
  int own = 0;
  const auto& headings = policy.headings();
  for (const Entry& entry : entries.entries) {
    if (entry.service.owner() != policy.authority()) continue;
    ++own;
    const std::string& heading = entry.service.content().heading();
    if (heading.empty()) continue;
    if (std::find(headings.begin(), headings.end(), heading) == headings.end()) {
      return Wrong(absl::StrCat(policy.authority(), ": ", entry.service.service_id(), ": heading"),
                   "not among the headings of the policy");
    }
  }
  const v1::DirectorySource source = policy.directory_source();
  if (source == v1::DIRECTORY_SOURCE_ENTRIES && own == 0) {
    return Wrong(policy.authority(), "the procedure has entries, and none are here");
  }
  if (source == v1::DIRECTORY_SOURCE_EMPTY && own != 0) {
    return Wrong(policy.authority(), "entries are here, so directory_source is not EMPTY any more");
  }
  return absl::OkStatus();
}

}  // namespace asc::directory
