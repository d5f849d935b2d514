#include "referral-svc/open_referral_store.h"

#include <set>

#include "platform/status/macros.h"

namespace asc::referral {
namespace {

using Rows = absl::StatusOr<std::vector<db::Row>>;

// Statuses of referrals that are open come before those that are final.
constexpr std::int64_t kFirstFinal = v1::REFERRAL_STATUS_COMPLETED;

// The plus signs are for SQLite: without statistics it takes a range of statuses, or the order, for
// a better way in than one person's index, and looks at every referral of the authority.
Rows RowsByNhsNumber(db::Reader& reader, const std::string& authority, const std::string& index,
                     std::optional<v1::Purpose> purpose) {
  return reader.Query(
      "SELECT referral_id, version, status, subject, purpose, person_id, team_id, worker_id,"
      " opened_at, updated_at, still_to_gather FROM referral"
      " WHERE authority = ? AND nhs_index = ? AND +status < ? AND (? = 0 OR purpose = ?)"
      " ORDER BY +opened_at, +referral_id LIMIT ?",
      {authority, index, kFirstFinal, std::int64_t{purpose.has_value()},
       std::int64_t{purpose.value_or(v1::PURPOSE_UNSPECIFIED)}, std::int64_t{kOpenReferralsMax}});
}

Rows RowsByIdentity(db::Reader& reader, const std::string& authority, const std::string& index,
                    std::optional<v1::Purpose> purpose) {
  return reader.Query(
      "SELECT referral_id, version, status, subject, purpose, person_id, team_id, worker_id,"
      " opened_at, updated_at, still_to_gather FROM referral"
      " WHERE authority = ? AND identity_index = ? AND +status < ? AND (? = 0 OR purpose = ?)"
      " ORDER BY +opened_at, +referral_id LIMIT ?",
      {authority, index, kFirstFinal, std::int64_t{purpose.has_value()},
       std::int64_t{purpose.value_or(v1::PURPOSE_UNSPECIFIED)}, std::int64_t{kOpenReferralsMax}});
}

}  // namespace

absl::StatusOr<std::vector<v1::ReferralSummary>> FindOpenReferrals(
    db::Reader& reader, const Recognition& recognition, const std::string& authority,
    std::optional<v1::Purpose> purpose) {
  std::vector<v1::ReferralSummary> found;
  std::set<std::string> seen;
  const auto take = [&](const std::vector<db::Row>& rows) {
    for (const db::Row& row : rows) {
      v1::ReferralSummary summary = SummaryOfRow(row);
      if (seen.insert(summary.referral_id()).second) found.push_back(std::move(summary));
    }
  };
  if (recognition.nhs_index.has_value()) {
    ASC_TRY_ASSIGN(const auto rows,
                   RowsByNhsNumber(reader, authority, *recognition.nhs_index, purpose));
    take(rows);
  }
  if (recognition.identity_index.has_value()) {
    ASC_TRY_ASSIGN(const auto rows,
                   RowsByIdentity(reader, authority, *recognition.identity_index, purpose));
    take(rows);
  }
  if (found.size() > kOpenReferralsMax) found.resize(kOpenReferralsMax);
  return found;
}

absl::StatusOr<std::vector<std::string>> HoldersOfClaims(db::Reader& reader,
                                                         const std::string& authority,
                                                         v1::Purpose purpose,
                                                         const std::vector<std::string>& claims) {
  std::vector<std::string> holders;
  for (const std::string& claim : claims) {
    ASC_TRY_ASSIGN(const auto row,
                   reader.QueryOne("SELECT referral_id FROM open_referral WHERE authority = ?"
                                   " AND claim = ? AND purpose = ?",
                                   {authority, claim, std::int64_t{purpose}}));
    holders.push_back(row.has_value() ? row->Text(0) : "");
  }
  return holders;
}

void TakeClaims(const v1::Referral& referral, const Recognition& recognition,
                db::WriteSet& writes) {
  for (const std::string& claim : recognition.claims) {
    writes.Insert(
        "INSERT INTO open_referral (authority, claim, purpose, referral_id) VALUES (?, ?, ?, ?)",
        {referral.authority(), claim, std::int64_t{referral.details().purpose()},
         referral.referral_id()});
  }
}

void GiveUpClaims(const v1::Referral& referral, db::WriteSet& writes) {
  writes.Execute("DELETE FROM open_referral WHERE authority = ? AND referral_id = ?",
                 {referral.authority(), referral.referral_id()});
}

absl::StatusOr<std::string> CurrentPersonId(db::Reader& reader, const std::string& authority,
                                            const std::string& person_id) {
  if (person_id.empty()) return person_id;
  ASC_TRY_ASSIGN(
      const auto row,
      reader.QueryOne("SELECT into_id FROM person_alias WHERE authority = ? AND from_id = ?",
                      {authority, person_id}));
  return row.has_value() ? row->Text(0) : person_id;
}

void AddAlias(const std::string& authority, const std::string& from_id, const std::string& into_id,
              absl::Time now, db::WriteSet& writes) {
  writes.Execute("UPDATE person_alias SET into_id = ? WHERE authority = ? AND into_id = ?",
                 {into_id, authority, from_id});
  writes.Insert(
      "INSERT INTO person_alias (authority, from_id, into_id, merged_at) VALUES (?, ?, ?, ?)",
      {authority, from_id, into_id, absl::ToUnixMicros(now)});
}

}  // namespace asc::referral
