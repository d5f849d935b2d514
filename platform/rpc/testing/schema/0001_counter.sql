CREATE TABLE IF NOT EXISTS counter (
  authority $ID NOT NULL,
  counter_id $ID NOT NULL,
  version $WHOLE NOT NULL,
  value $WHOLE NOT NULL,
  PRIMARY KEY (authority, counter_id)
);
