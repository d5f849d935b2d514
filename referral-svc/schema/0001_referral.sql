-- One row per referral: columns for what is looked up or listed, the record itself in `payload`.
-- nhs_index and identity_index are blind indexes (number; name, date of birth and postcode).
-- communication_needs is the flag of a list: 0 not asked, 1 there are some, 2 there are none.
CREATE TABLE IF NOT EXISTS referral (
  authority $ID NOT NULL,
  referral_id $ID NOT NULL,
  version $WHOLE NOT NULL,
  status $WHOLE NOT NULL,
  subject $WHOLE NOT NULL,
  purpose $WHOLE NOT NULL,
  person_id $ID NOT NULL,
  team_id $ID NOT NULL,
  worker_id $ID NOT NULL,
  opened_at $MOMENT NOT NULL,
  updated_at $MOMENT NOT NULL,
  still_to_gather $WHOLE NOT NULL,
  communication_needs $WHOLE NOT NULL,
  nhs_index $ID,
  identity_index $ID,
  payload $BYTES NOT NULL,
  PRIMARY KEY (authority, referral_id)
);

CREATE INDEX IF NOT EXISTS referral_opened
  ON referral (authority, opened_at, referral_id);
CREATE INDEX IF NOT EXISTS referral_status
  ON referral (authority, status, opened_at, referral_id);
CREATE INDEX IF NOT EXISTS referral_team_opened
  ON referral (authority, team_id, opened_at, referral_id);
CREATE INDEX IF NOT EXISTS referral_team
  ON referral (authority, team_id, status, opened_at, referral_id);
CREATE INDEX IF NOT EXISTS referral_worker
  ON referral (authority, worker_id, opened_at, referral_id);
CREATE INDEX IF NOT EXISTS referral_person
  ON referral (authority, person_id, opened_at, referral_id);
CREATE INDEX IF NOT EXISTS referral_nhs
  ON referral (authority, nhs_index);
CREATE INDEX IF NOT EXISTS referral_identity
  ON referral (authority, identity_index);

-- `holder_id` is the worker or the team that holds the allocation; `live` is 1 until it ends, then
-- NULL, so that a person has one live allocation of a role to a holder at most.
CREATE TABLE IF NOT EXISTS allocation (
  authority $ID NOT NULL,
  allocation_id $ID NOT NULL,
  version $WHOLE NOT NULL,
  role $WHOLE NOT NULL,
  person_id $ID NOT NULL,
  worker_id $ID NOT NULL,
  team_id $ID NOT NULL,
  holder_id $ID NOT NULL,
  live $WHOLE,
  began_at $MOMENT NOT NULL,
  payload $BYTES NOT NULL,
  PRIMARY KEY (authority, allocation_id)
);

CREATE UNIQUE INDEX IF NOT EXISTS allocation_live
  ON allocation (authority, person_id, role, holder_id, live);
CREATE INDEX IF NOT EXISTS allocation_person
  ON allocation (authority, person_id, began_at, allocation_id);
CREATE INDEX IF NOT EXISTS allocation_worker
  ON allocation (authority, worker_id, began_at, allocation_id);
CREATE INDEX IF NOT EXISTS allocation_team
  ON allocation (authority, team_id, began_at, allocation_id);

-- When a worker is absent.
CREATE TABLE IF NOT EXISTS worker_availability (
  authority $ID NOT NULL,
  worker_id $ID NOT NULL,
  version $WHOLE NOT NULL,
  payload $BYTES NOT NULL,
  PRIMARY KEY (authority, worker_id)
);
