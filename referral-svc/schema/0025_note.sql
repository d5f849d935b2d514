-- What was said with a version of a referral, or which fields it updated. `said` is 1 where there
-- are words.
CREATE TABLE IF NOT EXISTS referral_note (
  authority $ID NOT NULL,
  referral_id $ID NOT NULL,
  version $WHOLE NOT NULL,
  said $WHOLE NOT NULL,
  payload $BYTES NOT NULL,
  PRIMARY KEY (authority, referral_id, version)
);
