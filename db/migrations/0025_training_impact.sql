-- Some months later people are asked what has changed in their practice; 0 months: they are not asked.
ALTER TABLE training_EvaluationRule ADD ImpactMonths INT NOT NULL CONSTRAINT DF_training_EvaluationRule_ImpactMonths DEFAULT 3;

-- From when on the person can say so, and whether something has changed. What has changed is written to their CPD record, not here.
ALTER TABLE training_Evaluation ADD ImpactAt DATETIME2(3) NULL;

ALTER TABLE training_Evaluation ADD ImpactAnsweredAt DATETIME2(3) NULL;

ALTER TABLE training_Evaluation ADD ImpactChanged BIT NULL;
