-- A setting that is open in term time only: its people are not reminded of anything in the weeks between.
ALTER TABLE people_Setting ADD TermTimeOnly BIT NOT NULL CONSTRAINT DF_people_Setting_TermTimeOnly DEFAULT 0;
