-- Requests for a review, and what became of them.
CREATE TABLE IF NOT EXISTS review (
  authority $ID NOT NULL,
  review_id $ID NOT NULL,
  version $WHOLE NOT NULL,
  status $WHOLE NOT NULL,
  person_id $ID NOT NULL,
  subject $WHOLE NOT NULL,
  requested_at $MOMENT NOT NULL,
  payload $BYTES NOT NULL,
  PRIMARY KEY (authority, review_id)
);

CREATE INDEX IF NOT EXISTS review_person
  ON review (authority, person_id, requested_at, review_id);
