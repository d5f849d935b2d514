-- One row per lane and boot: the writers whose running numbers order events.
CREATE TABLE IF NOT EXISTS writer (
  writer $ID NOT NULL,
  started_at $MOMENT NOT NULL,
  PRIMARY KEY (writer)
);

-- Append-only. A cursor is a vector of (writer, sequence); order is promised per record, by
-- version.
CREATE TABLE IF NOT EXISTS event (
  authority $ID NOT NULL,
  writer $ID NOT NULL,
  sequence $WHOLE NOT NULL,
  record_type $ID NOT NULL,
  record_id $ID NOT NULL,
  record_version $WHOLE NOT NULL,
  type $ID NOT NULL,
  occurred_at $MOMENT NOT NULL,
  request_id $ID NOT NULL,
  attributes $BYTES NOT NULL,
  PRIMARY KEY (authority, writer, sequence)
);

CREATE UNIQUE INDEX IF NOT EXISTS event_record
  ON event (authority, record_type, record_id, record_version);

-- The answer a request got, kept so that a repeat gets the same one.
CREATE TABLE IF NOT EXISTS idempotency (
  authority $ID NOT NULL,
  request_id $ID NOT NULL,
  method $ID NOT NULL,
  request_hash $BYTES NOT NULL,
  answer $BYTES NOT NULL,
  answered_at $MOMENT NOT NULL,
  PRIMARY KEY (authority, request_id)
);

-- Every policy ever loaded, by content hash, so that an old decision can be run again.
CREATE TABLE IF NOT EXISTS policy_archive (
  authority $ID NOT NULL,
  hash $ID NOT NULL,
  version $INDEXED NOT NULL,
  content $BYTES NOT NULL,
  loaded_at $MOMENT NOT NULL,
  PRIMARY KEY (authority, hash)
);
