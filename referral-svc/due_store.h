// What is due, whatever record it belongs to: one row per record and kind.

#ifndef ASC_REFERRAL_SVC_DUE_STORE_H_
#define ASC_REFERRAL_SVC_DUE_STORE_H_

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "asc/referral/v1/referral.pb.h"
#include "platform/db/database.h"

namespace asc::referral {

// The row after which a list goes on.
struct DuePlace {
  std::int64_t at_us = std::numeric_limits<std::int64_t>::min();
  std::string record_id;
  std::string kind;
};

// `item` must have record_type, record_id, kind and due_at; there must be none of the same.
void SetDue(const std::string& authority, const type::v1::DueItem& item, db::WriteSet& writes);
// Everything due of this record.
void ClearDue(const std::string& authority, const std::string& record_type,
              const std::string& record_id, db::WriteSet& writes);

// Due at or before `until_us`, soonest first, then by id.
absl::StatusOr<std::vector<type::v1::DueItem>> ListDue(db::Reader& reader,
                                                       const std::string& authority,
                                                       std::int64_t until_us, const DuePlace& after,
                                                       int limit);

absl::StatusOr<std::optional<v1::CallBack>> FindCallBack(db::Reader& reader,
                                                         const std::string& authority,
                                                         const std::string& callback_id);
void AddCallBack(const v1::CallBack& callback, db::WriteSet& writes);
void ChangeCallBack(const v1::CallBack& callback, db::WriteSet& writes);

absl::StatusOr<std::optional<v1::Custody>> FindCustody(db::Reader& reader,
                                                       const std::string& authority,
                                                       const std::string& custody_id);
void AddCustody(const v1::Custody& custody, db::WriteSet& writes);
void ChangeCustody(const v1::Custody& custody, db::WriteSet& writes);

}  // namespace asc::referral

#endif  // ASC_REFERRAL_SVC_DUE_STORE_H_
