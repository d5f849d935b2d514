-- Everything with a due time, whatever record it belongs to. `assigned_to` is who is to do it, for
-- a referral that waits its team.
CREATE TABLE IF NOT EXISTS due (
  authority $ID NOT NULL,
  record_type $ID NOT NULL,
  record_id $ID NOT NULL,
  kind $ID NOT NULL,
  assigned_to $ID NOT NULL,
  due_at $MOMENT NOT NULL,
  payload $BYTES NOT NULL,
  PRIMARY KEY (authority, record_type, record_id, kind)
);

CREATE INDEX IF NOT EXISTS due_order
  ON due (authority, due_at, record_id, kind);
CREATE INDEX IF NOT EXISTS due_type
  ON due (authority, record_type, kind, due_at, record_id);
CREATE INDEX IF NOT EXISTS due_assigned
  ON due (authority, record_type, kind, assigned_to, due_at, record_id);

-- Promises to call somebody back.
CREATE TABLE IF NOT EXISTS callback (
  authority $ID NOT NULL,
  callback_id $ID NOT NULL,
  version $WHOLE NOT NULL,
  person_id $ID NOT NULL,
  payload $BYTES NOT NULL,
  PRIMARY KEY (authority, callback_id)
);

-- Letters and e-mails that are kept, filed or sent on.
CREATE TABLE IF NOT EXISTS custody (
  authority $ID NOT NULL,
  custody_id $ID NOT NULL,
  version $WHOLE NOT NULL,
  person_id $ID NOT NULL,
  payload $BYTES NOT NULL,
  PRIMARY KEY (authority, custody_id)
);
