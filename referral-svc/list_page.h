// Pages of lists that are ordered newest first, then by id.

#ifndef ASC_REFERRAL_SVC_LIST_PAGE_H_
#define ASC_REFERRAL_SVC_LIST_PAGE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/time_util.h"
#include "platform/rpc/errors.h"
#include "platform/rpc/paging.h"
#include "platform/status/macros.h"
#include "referral-svc/referral_store.h"

namespace asc::referral {

struct ListPage {
  int size = 0;
  ListPlace after;
};

// INVALID_ARGUMENT: the page size or token is not good.
inline absl::StatusOr<ListPage> ReadListPage(const google::protobuf::Message& request) {
  ASC_TRY_ASSIGN(const rpc::Page page, rpc::ReadPage(request));
  ListPage list{page.size, {}};
  if (page.after.empty()) return list;
  if (page.after.size() != 2 || !absl::SimpleAtoi(page.after[0], &list.after.at_us)) {
    rpc::Violations violations;
    violations.Add("page_token", "not a token for this list; start again without one");
    return violations.ToStatus();
  }
  list.after.id = page.after[1];
  return list;
}

inline std::string NextToken(const google::protobuf::Message& request,
                             const google::protobuf::Timestamp& last_at,
                             const std::string& last_id) {
  const auto at_us = google::protobuf::util::TimeUtil::TimestampToMicroseconds(last_at);
  return rpc::PageToken(request, {absl::StrCat(at_us), last_id});
}

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_LIST_PAGE_H_
