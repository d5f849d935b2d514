-- One row per contact. Whoever works on it holds the lease: `lease_token` fences every write of the
-- runner, and `run_at` says when somebody should look at it: at the next attempt, or when the lease
-- of the replica that works on it has run out. NULL: nothing automatic is left to do.
CREATE TABLE IF NOT EXISTS contact (
  authority $ID NOT NULL,
  contact_id $ID NOT NULL,
  version $WHOLE NOT NULL,
  status $WHOLE NOT NULL,
  facts_revision $WHOLE NOT NULL,
  opened_at $MOMENT NOT NULL,
  updated_at $MOMENT NOT NULL,
  person_index $ID NOT NULL,
  policy_hash $ID NOT NULL,
  lease_owner $ID NOT NULL,
  lease_token $WHOLE NOT NULL,
  run_at $MOMENT,
  payload $BYTES NOT NULL,
  PRIMARY KEY (authority, contact_id)
);

CREATE INDEX IF NOT EXISTS contact_opened ON contact (authority, opened_at, contact_id);

CREATE INDEX IF NOT EXISTS contact_status ON contact (authority, status, opened_at, contact_id);

CREATE INDEX IF NOT EXISTS contact_person
  ON contact (authority, person_index, opened_at, contact_id);

CREATE INDEX IF NOT EXISTS contact_run ON contact (run_at);

-- The journal: one row per step of one facts revision, written before the step is taken.
CREATE TABLE IF NOT EXISTS contact_step (
  authority $ID NOT NULL,
  contact_id $ID NOT NULL,
  facts_revision $WHOLE NOT NULL,
  kind $WHOLE NOT NULL,
  state $WHOLE NOT NULL,
  payload $BYTES NOT NULL,
  PRIMARY KEY (authority, contact_id, facts_revision, kind)
);

-- What people have to do.
CREATE TABLE IF NOT EXISTS contact_action (
  authority $ID NOT NULL,
  contact_id $ID NOT NULL,
  action_id $ID NOT NULL,
  state $WHOLE NOT NULL,
  due_at $MOMENT NOT NULL,
  payload $BYTES NOT NULL,
  PRIMARY KEY (authority, contact_id, action_id)
);

CREATE INDEX IF NOT EXISTS contact_action_due
  ON contact_action (authority, state, due_at, contact_id, action_id);
