-- The certificates of such a session are issued once a person has answered its evaluation, which then stays open for those who have not.
ALTER TABLE training_Session ADD CertificateAfterEvaluation BIT NOT NULL CONSTRAINT DF_training_Session_CertificateAfterEvaluation DEFAULT 0;
