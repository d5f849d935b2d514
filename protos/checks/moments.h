// Moments as the checks compare them.

#ifndef ASC_PROTOS_CHECKS_MOMENTS_H_
#define ASC_PROTOS_CHECKS_MOMENTS_H_

#include <cstdint>
#include <string>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"

namespace asc::checks {

// A caller's clock may run this much ahead of ours.
inline constexpr absl::Duration kClockSkewMax = absl::Minutes(5);

// Saturates, so that no value a caller may send overflows.
inline absl::Time ToTime(const google::protobuf::Timestamp& at) {
  return absl::FromUnixSeconds(at.seconds()) + absl::Nanoseconds(at.nanos());
}

inline bool LiesInFuture(const google::protobuf::Timestamp& at, absl::Time now) {
  return ToTime(at) > now + kClockSkewMax;
}

// One o'clock UTC on the last Sunday of a month with 31 days.
inline absl::Time LastSundayAtOne(std::int64_t year, int month) {
  absl::CivilDay day(year, month, 31);
  while (absl::GetWeekday(day) != absl::Weekday::sunday) --day;
  return absl::FromCivil(absl::CivilHour(day) + 1, absl::UTCTimeZone());
}

// The day it is in Britain, YYYY-MM-DD: summer time from the last Sunday in March to the last in
// October, each at one o'clock UTC.
inline std::string BritishDay(absl::Time at) {
  const absl::CivilYear year = absl::ToCivilYear(at, absl::UTCTimeZone());
  const bool calendar = year.year() >= 1 && year.year() <= 9999;
  const bool summer =
      calendar && at >= LastSundayAtOne(year.year(), 3) && at < LastSundayAtOne(year.year(), 10);
  return absl::FormatTime("%Y-%m-%d", summer ? at + absl::Hours(1) : at, absl::UTCTimeZone());
}

// When that day begins in Britain. `day` must be a date, YYYY-MM-DD.
inline absl::Time BritishDayBegins(const std::string& day) {
  absl::CivilDay civil;
  absl::ParseCivilTime(day, &civil);
  const absl::Time winter = absl::FromCivil(civil, absl::UTCTimeZone());
  const absl::Time summer = winter - absl::Hours(1);
  return BritishDay(summer) == day ? summer : winter;
}

}  // namespace asc::checks

#endif  // ASC_PROTOS_CHECKS_MOMENTS_H_
