-- Certificates that stand, by the day on which they run out.
CREATE INDEX IX_accreditation_Certificate_Ending ON accreditation_Certificate (ValidUntil, Id) WHERE RevokedAt IS NULL AND ValidUntil IS NOT NULL;
