-- One row per request for funding: columns for what is looked up, the record in `payload`.
CREATE TABLE IF NOT EXISTS funding_request (
  authority $ID NOT NULL,
  funding_request_id $ID NOT NULL,
  version $WHOLE NOT NULL,
  state $WHOLE NOT NULL,
  person_id $ID NOT NULL,
  contact_id $ID NOT NULL,
  created_at $MOMENT NOT NULL,
  payload $BYTES NOT NULL,
  PRIMARY KEY (authority, funding_request_id)
);

CREATE INDEX IF NOT EXISTS funding_request_created
  ON funding_request (authority, created_at, funding_request_id);
CREATE INDEX IF NOT EXISTS funding_request_person
  ON funding_request (authority, person_id, created_at, funding_request_id);
CREATE INDEX IF NOT EXISTS funding_request_contact
  ON funding_request (authority, contact_id, created_at, funding_request_id);
