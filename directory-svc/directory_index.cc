#include "directory-svc/directory_index.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "directory-svc/directory_rules.h"
#include "directory-svc/directory_words.h"
#include "google/protobuf/util/time_util.h"
#include "platform/facts/tri_state.h"

namespace asc::directory {
namespace {

using facts::Answer;
using facts::ANSWER_NO;
using facts::ANSWER_YES;

constexpr int kNameWeight = 8;
constexpr int kOtherNameWeight = 6;
constexpr int kTopicWeight = 3;
constexpr int kTextWeight = 1;
// More than any sum of weights: a request has 200 characters, so 100 words at most.
constexpr int kScoreMost = 999;

template <class Values>
bool SharesOne(const Values& wanted, const Values& held) {
  return wanted.empty() || std::any_of(wanted.begin(), wanted.end(), [&held](const auto& value) {
           return std::find(held.begin(), held.end(), value) != held.end();
         });
}

// Opening hours are local.
absl::TimeZone LocalZone() {
  static const absl::TimeZone zone = [] {
    absl::TimeZone found;
    absl::LoadTimeZone("Europe/London", &found);
    return found;
  }();
  return zone;
}

bool OpenAt(const v1::ServiceContent& content, const google::protobuf::Timestamp& at) {
  const absl::Time time =
      absl::FromUnixMicros(google::protobuf::util::TimeUtil::TimestampToMicroseconds(at));
  const absl::CivilSecond local = absl::ToCivilSecond(time, LocalZone());
  // absl counts from Monday, 0.
  const int day = static_cast<int>(absl::GetWeekday(local)) + 1;
  return StatedOpen(content, static_cast<v1::Weekday>(day), local.hour() * 60 + local.minute());
}

std::string FitOf(const v1::ServiceContent& content, const v1::SearchServicesRequest& request,
                  int score, Answer eligible) {
  int crisis = 0;
  if (request.crisis()) {
    const auto& kinds = content.kinds();
    const bool for_crisis =
        std::find(kinds.begin(), kinds.end(), v1::RESOURCE_KIND_CRISIS) != kinds.end();
    crisis = (AnswersLater(content) ? 2 : 0) + (for_crisis ? 0 : 1);
  }
  return absl::StrFormat("%d%03d%d", crisis, kScoreMost - std::min(score, kScoreMost),
                         eligible == ANSWER_YES ? 0 : 1);
}

// The places in both, with the sum of their weights; both are in order of place.
template <class Scores>
Scores InBoth(const Scores& a, const Scores& b) {
  Scores both;
  auto left = a.begin();
  auto right = b.begin();
  while (left != a.end() && right != b.end()) {
    if (left->first < right->first) {
      ++left;
    } else if (right->first < left->first) {
      ++right;
    } else {
      both.emplace_back(left->first, left->second + right->second);
      ++left;
      ++right;
    }
  }
  return both;
}

}  // namespace

std::string SortName(const v1::Service& service) { return Folded(service.content().name()); }

AuthorityDirectory::AuthorityDirectory(std::vector<const v1::Service*> services,
                                       const std::map<std::string, std::string>& topics) {
  for (const v1::Service* service : services) services_.push_back({service, SortName(*service)});
  std::sort(services_.begin(), services_.end(), [](const Indexed& a, const Indexed& b) {
    return std::tie(a.name, a.service->service_id()) < std::tie(b.name, b.service->service_id());
  });
  for (std::uint32_t place = 0; place < services_.size(); ++place) Index(place, topics);
}

void AuthorityDirectory::Index(std::uint32_t place,
                               const std::map<std::string, std::string>& topics) {
  const v1::Service& service = *services_[place].service;
  by_id_[service.service_id()] = place;
  const v1::ServiceContent& content = service.content();
  Put(place, content.name(), kNameWeight);
  for (const std::string& name : content.other_names()) Put(place, name, kOtherNameWeight);
  Put(place, content.heading(), kTopicWeight);
  Put(place, content.organization().name(), kTopicWeight);
  for (const std::string& topic : content.taxonomy_term_ids()) {
    const auto found = topics.find(topic);
    if (found != topics.end()) Put(place, found->second, kTopicWeight);
  }
  Put(place, content.description(), kTextWeight);
  Put(place, content.how_to_use(), kTextWeight);
  Put(place, content.fees(), kTextWeight);
  Put(place, content.accessibility(), kTextWeight);
  for (const auto& condition : content.eligibility()) Put(place, condition.words(), kTextWeight);
  for (const auto& point : content.contact_points()) {
    Put(place, point.note(), kTextWeight);
    Put(place, point.only_for(), kTextWeight);
  }
  for (const std::string& area : content.areas()) Put(place, area, kTextWeight);
  for (const auto& where : content.places()) {
    Put(place, where.name(), kTextWeight);
    Put(place, where.city(), kTextWeight);
  }
}

void AuthorityDirectory::Put(std::uint32_t place, const std::string& text, int weight) {
  for (const std::string& word : WordsOf(text)) {
    Scores& held = words_[word];
    // Entries are indexed one after the other, so this one stands last or nowhere.
    if (held.empty() || held.back().first != place) held.emplace_back(place, 0);
    held.back().second = std::max(held.back().second, weight);
  }
}

AuthorityDirectory::Scores AuthorityDirectory::WithWord(const std::string& word,
                                                        bool may_go_on) const {
  Scores scores;
  for (auto at = words_.lower_bound(word); at != words_.end(); ++at) {
    if (may_go_on ? !absl::StartsWith(at->first, word) : at->first != word) break;
    scores.insert(scores.end(), at->second.begin(), at->second.end());
  }
  // The best weight of each place first, so that it is the one kept.
  std::sort(scores.begin(), scores.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : a.second > b.second;
  });
  const auto same_place = [](const auto& a, const auto& b) { return a.first == b.first; };
  scores.erase(std::unique(scores.begin(), scores.end(), same_place), scores.end());
  return scores;
}

AuthorityDirectory::Scores AuthorityDirectory::WithWords(const std::string& words) const {
  const std::vector<std::string> wanted = WordsOf(words);
  Scores scores;
  if (wanted.empty()) {
    scores.reserve(services_.size());
    for (std::uint32_t place = 0; place < services_.size(); ++place) scores.emplace_back(place, 0);
    return scores;
  }
  scores = WithWord(wanted[0], wanted.size() == 1);
  for (std::size_t i = 1; i < wanted.size(); ++i) {
    scores = InBoth(scores, WithWord(wanted[i], i + 1 == wanted.size()));
  }
  return scores;
}

const v1::Service* AuthorityDirectory::Find(const std::string& service_id) const {
  const auto found = by_id_.find(service_id);
  return found == by_id_.end() ? nullptr : services_[found->second].service;
}

std::vector<const v1::Service*> AuthorityDirectory::List(const v1::ListServicesRequest& filter,
                                                         const std::string& after_name,
                                                         const std::string& after_id,
                                                         int limit) const {
  std::vector<const v1::Service*> page;
  auto at = std::upper_bound(services_.begin(), services_.end(), std::tie(after_name, after_id),
                             [](const auto& after, const Indexed& indexed) {
                               return after < std::tie(indexed.name, indexed.service->service_id());
                             });
  for (; at != services_.end() && page.size() < static_cast<std::size_t>(limit); ++at) {
    const v1::Service& service = *at->service;
    if (!filter.owner().empty() && service.owner() != filter.owner()) continue;
    const auto& states = filter.states();
    if (!states.empty() &&
        std::find(states.begin(), states.end(), service.state()) == states.end()) {
      continue;
    }
    page.push_back(&service);
  }
  return page;
}

std::vector<Found> AuthorityDirectory::Search(const v1::SearchServicesRequest& request,
                                              const std::optional<Rank>& after, int limit) const {
  std::vector<Found> found;
  for (const auto& [place, score] : WithWords(request.words())) {
    const Indexed& indexed = services_[place];
    const v1::ServiceContent& content = indexed.service->content();
    if (indexed.service->state() != v1::SERVICE_STATE_PUBLISHED || content.internal()) continue;
    if (!SharesOne(request.kinds(), content.kinds())) continue;
    if (!SharesOne(request.taxonomy_term_ids(), content.taxonomy_term_ids())) continue;
    if (request.has_open_at() && !OpenAt(content, request.open_at())) continue;
    const Answer eligible = Eligible(content, request.circumstances());
    if (eligible == ANSWER_NO) continue;
    Rank rank{FitOf(content, request, score, eligible), indexed.name,
              indexed.service->service_id()};
    if (after.has_value() && rank <= *after) continue;
    found.push_back({indexed.service, eligible, std::move(rank)});
  }
  const std::size_t shown = std::min(found.size(), static_cast<std::size_t>(limit));
  std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(shown), found.end(),
                    [](const Found& a, const Found& b) { return a.rank < b.rank; });
  found.resize(shown);
  return found;
}

Directory::Directory(Entries entries) : entries_(std::move(entries)), empty_({}, {}) {
  std::map<std::string, std::vector<const v1::Service*>> shown;
  for (const Entry& entry : entries_.entries) {
    for (const std::string& authority : entry.shown_by) shown[authority].push_back(&entry.service);
  }
  for (auto& [authority, services] : shown) {
    authorities_.emplace(authority, AuthorityDirectory(std::move(services), entries_.topics));
  }
}

const AuthorityDirectory& Directory::Of(const std::string& authority) const {
  const auto found = authorities_.find(authority);
  return found == authorities_.end() ? empty_ : found->second;
}

}  // namespace asc::directory
