-- `sort_name` is the beginning of the name in small letters: what teams are listed by.
CREATE TABLE IF NOT EXISTS team (
  authority $ID NOT NULL,
  team_id $ID NOT NULL,
  version $WHOLE NOT NULL,
  sort_name $INDEXED NOT NULL,
  payload $BYTES NOT NULL,
  PRIMARY KEY (authority, team_id)
);

CREATE INDEX IF NOT EXISTS team_name
  ON team (authority, sort_name, team_id);
