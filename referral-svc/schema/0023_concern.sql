-- Concerns about adults, children and providers.
CREATE TABLE IF NOT EXISTS concern (
  authority $ID NOT NULL,
  concern_id $ID NOT NULL,
  version $WHOLE NOT NULL,
  kind $WHOLE NOT NULL,
  person_id $ID NOT NULL,
  referral_id $ID NOT NULL,
  raised_at $MOMENT NOT NULL,
  payload $BYTES NOT NULL,
  PRIMARY KEY (authority, concern_id)
);

CREATE INDEX IF NOT EXISTS concern_raised
  ON concern (authority, raised_at, concern_id);
CREATE INDEX IF NOT EXISTS concern_kind
  ON concern (authority, kind, raised_at, concern_id);
CREATE INDEX IF NOT EXISTS concern_person
  ON concern (authority, person_id, raised_at, concern_id);
CREATE INDEX IF NOT EXISTS concern_referral
  ON concern (authority, referral_id, raised_at, concern_id);

-- Joint work asked of somebody else.
CREATE TABLE IF NOT EXISTS joint_work (
  authority $ID NOT NULL,
  joint_work_id $ID NOT NULL,
  version $WHOLE NOT NULL,
  referral_id $ID NOT NULL,
  payload $BYTES NOT NULL,
  PRIMARY KEY (authority, joint_work_id)
);
