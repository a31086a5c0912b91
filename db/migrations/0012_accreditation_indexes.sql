-- What several people have attended, for a manager's list and export. Without it an engine that knows nothing of the data begins with everyone's.
CREATE INDEX IX_accreditation_Entry_PersonKind ON accreditation_Entry (PersonId, CauseKind, HappenedOn);
