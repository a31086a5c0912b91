-- A person's mobile number, which they give themselves; who has one wants text messages.
ALTER TABLE people_Person ADD Mobile NVARCHAR(16) NULL;
