-- Who holds the place of the one open referral of a person for a purpose (R6). `claim` is a blind
-- index of what a person is recognised by; the row goes when the referral is closed. The key makes
-- the second of two takers at once look again.
CREATE TABLE IF NOT EXISTS open_referral (
  authority $ID NOT NULL,
  claim $ID NOT NULL,
  purpose $WHOLE NOT NULL,
  referral_id $ID NOT NULL,
  PRIMARY KEY (authority, claim, purpose)
);

CREATE INDEX IF NOT EXISTS open_referral_record
  ON open_referral (authority, referral_id);

-- Two references that are one person: whoever asks for `from_id` means `into_id`.
CREATE TABLE IF NOT EXISTS person_alias (
  authority $ID NOT NULL,
  from_id $ID NOT NULL,
  into_id $ID NOT NULL,
  merged_at $MOMENT NOT NULL,
  PRIMARY KEY (authority, from_id)
);

CREATE INDEX IF NOT EXISTS person_alias_into
  ON person_alias (authority, into_id);
