#include "referral-svc/absences.h"

namespace asc::referral {

absl::Time ToTime(const google::protobuf::Timestamp& at) {
  return absl::FromUnixSeconds(at.seconds()) + absl::Nanoseconds(at.nanos());
}

Away AwayAt(const v1::WorkerAvailability& availability, absl::Time now) {
  Away away;
  for (const v1::Absence& absence : availability.absences()) {
    const absl::Time begins = ToTime(absence.begins_at());
    const absl::Time reached = away.until.value_or(now);
    if (begins > reached) break;
    if (!absence.has_ends_at()) return {true, std::nullopt};
    const absl::Time ends = ToTime(absence.ends_at());
    if (ends <= reached) continue;
    away = {true, ends};
  }
  return away;
}

}  // namespace asc::referral
