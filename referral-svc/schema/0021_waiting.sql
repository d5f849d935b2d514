-- Referrals that wait for allocation (AL1). Ascending in all columns, so that one index range gives
-- the list: `order_points` is minus the points.
CREATE TABLE IF NOT EXISTS waiting (
  authority $ID NOT NULL,
  referral_id $ID NOT NULL,
  team_id $ID NOT NULL,
  person_id $ID NOT NULL,
  order_points $WHOLE NOT NULL,
  waiting_since $MOMENT NOT NULL,
  payload $BYTES NOT NULL,
  PRIMARY KEY (authority, referral_id)
);

CREATE INDEX IF NOT EXISTS waiting_order
  ON waiting (authority, order_points, waiting_since, referral_id);
CREATE INDEX IF NOT EXISTS waiting_team
  ON waiting (authority, team_id, order_points, waiting_since, referral_id);

-- How each referral was ranked, in the version that ranked it.
CREATE TABLE IF NOT EXISTS ranking (
  authority $ID NOT NULL,
  referral_id $ID NOT NULL,
  version $WHOLE NOT NULL,
  payload $BYTES NOT NULL,
  PRIMARY KEY (authority, referral_id, version)
);

-- What is known of a worker's skills.
CREATE TABLE IF NOT EXISTS worker_skills (
  authority $ID NOT NULL,
  worker_id $ID NOT NULL,
  version $WHOLE NOT NULL,
  team_id $ID NOT NULL,
  payload $BYTES NOT NULL,
  PRIMARY KEY (authority, worker_id)
);

CREATE INDEX IF NOT EXISTS worker_skills_team
  ON worker_skills (authority, team_id, worker_id);
