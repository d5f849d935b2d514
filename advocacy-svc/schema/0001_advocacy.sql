-- One row per need for an advocate: columns for what is looked up, the record in `payload`.
CREATE TABLE IF NOT EXISTS advocacy_need (
  authority $ID NOT NULL,
  advocacy_need_id $ID NOT NULL,
  version $WHOLE NOT NULL,
  state $WHOLE NOT NULL,
  person_id $ID NOT NULL,
  contact_id $ID NOT NULL,
  created_at $MOMENT NOT NULL,
  payload $BYTES NOT NULL,
  PRIMARY KEY (authority, advocacy_need_id)
);

CREATE INDEX IF NOT EXISTS advocacy_need_created
  ON advocacy_need (authority, created_at, advocacy_need_id);
CREATE INDEX IF NOT EXISTS advocacy_need_person
  ON advocacy_need (authority, person_id, created_at, advocacy_need_id);
CREATE INDEX IF NOT EXISTS advocacy_need_contact
  ON advocacy_need (authority, contact_id, created_at, advocacy_need_id);
