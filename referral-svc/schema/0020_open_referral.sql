-- Who holds the place of the one open referral of a person, as one subject, for a purpose (R6).
-- `claim` is a blind index of what a person is recognised by; the row goes when the referral is
-- closed. The key makes the second of two takers at once look again.
CREATE TABLE IF NOT EXISTS open_referral (
  authority $ID NOT NULL,
  claim $ID NOT NULL,
  purpose $WHOLE NOT NULL,
  subject $WHOLE NOT NULL,
  referral_id $ID NOT NULL,
  PRIMARY KEY (authority, claim, purpose, subject)
);

CREATE INDEX IF NOT EXISTS open_referral_record
  ON open_referral (authority, referral_id);
