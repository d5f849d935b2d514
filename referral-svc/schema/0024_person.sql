-- Two references that are one person: whoever asks for `from_id` means `into_id`. A record stays
-- under the reference it was written with; no `into_id` is a `from_id` too.
CREATE TABLE IF NOT EXISTS person_alias (
  authority $ID NOT NULL,
  from_id $ID NOT NULL,
  into_id $ID NOT NULL,
  merged_at $MOMENT NOT NULL,
  PRIMARY KEY (authority, from_id)
);

CREATE INDEX IF NOT EXISTS person_alias_into
  ON person_alias (authority, into_id);

-- How many merges there have been: what makes the second of two at once look again.
CREATE TABLE IF NOT EXISTS person_merges (
  authority $ID NOT NULL,
  merges $WHOLE NOT NULL,
  PRIMARY KEY (authority)
);

-- What makes the second of two at once look again, when each is decided from all the allocations
-- of a person.
CREATE TABLE IF NOT EXISTS person_turn (
  authority $ID NOT NULL,
  person_id $ID NOT NULL,
  turns $WHOLE NOT NULL,
  PRIMARY KEY (authority, person_id)
);
