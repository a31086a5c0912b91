-- What has changed in the person's practice, as they said when they were asked some months later. A reflection that stands beside what they write themselves.
ALTER TABLE accreditation_Entry ADD Impact {LONGTEXT} NULL;

ALTER TABLE accreditation_Entry ADD ImpactOn DATE NULL;
