-- One row per record of advice given: columns for what is looked up or listed, the record itself in
-- `payload`. `due_at` is NULL unless a follow-up is to come.
CREATE TABLE IF NOT EXISTS advice (
  authority $ID NOT NULL,
  advice_id $ID NOT NULL,
  version $WHOLE NOT NULL,
  state $WHOLE NOT NULL,
  person_id $ID NOT NULL,
  contact_id $ID NOT NULL,
  created_at $MOMENT NOT NULL,
  due_at $MOMENT,
  payload $BYTES NOT NULL,
  PRIMARY KEY (authority, advice_id)
);

CREATE INDEX IF NOT EXISTS advice_created ON advice (authority, created_at, advice_id);
CREATE INDEX IF NOT EXISTS advice_state ON advice (authority, state, created_at, advice_id);
CREATE INDEX IF NOT EXISTS advice_person ON advice (authority, person_id, created_at, advice_id);
CREATE INDEX IF NOT EXISTS advice_contact ON advice (authority, contact_id, created_at, advice_id);
CREATE INDEX IF NOT EXISTS advice_due ON advice (authority, due_at, advice_id);
