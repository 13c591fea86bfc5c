-- create sys_touched
CREATE TABLE sys_touched (
	kind TEXT NOT NULL, 
	row BIGINT NOT NULL, 
	PRIMARY KEY (kind, row)
);
-- clock 9
CREATE TABLE sys_clock (
	today TEXT, 
	cut_1 TEXT, 
	cut_2 TEXT, 
	cut_3 TEXT, 
	cut_4 TEXT, 
	cut_5 TEXT, 
	cut_6 TEXT, 
	cut_7 TEXT, 
	cut_8 TEXT, 
	cut_9 TEXT, 
	cut_9_at TEXT
);
-- create person
CREATE TABLE person (
	id BIGSERIAL NOT NULL, 
	first_name TEXT, 
	last_name TEXT, 
	phone TEXT, 
	email TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	sys_until_recruitment TEXT, 
	sys_until_recruitment_claims TEXT, 
	sys_until_hiring_work TEXT, 
	sys_until_talent_pool TEXT, 
	sys_need_0 BIGINT, 
	sys_use_0 BIGINT, 
	sys_held BIGINT, 
	sys_restricted BIGINT, 
	PRIMARY KEY (id)
);
-- create opening
CREATE TABLE opening (
	id BIGSERIAL NOT NULL, 
	title TEXT, 
	closes_on TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
-- create hiring
CREATE TABLE hiring (
	id BIGSERIAL NOT NULL, 
	person BIGINT, 
	opening BIGINT, 
	began_on TEXT, 
	ended_on TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	sys_until_hiring_work TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_hiring_person" ON "hiring" ("person");
CREATE INDEX "sys_ix_hiring_opening" ON "hiring" ("opening");
-- create application
CREATE TABLE application (
	id BIGSERIAL NOT NULL, 
	person BIGINT, 
	opening BIGINT, 
	applied_at TEXT, 
	status TEXT, 
	decided_on TEXT, 
	cv TEXT, 
	cover_letter TEXT, 
	salary_request BIGINT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	sys_until_recruitment TEXT, 
	sys_until_recruitment_claims TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_application_person" ON "application" ("person");
CREATE INDEX "sys_ix_application_opening" ON "application" ("opening");
-- create interview
CREATE TABLE interview (
	id BIGSERIAL NOT NULL, 
	application BIGINT, 
	at TEXT, 
	place TEXT, 
	notes TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_interview_application" ON "interview" ("application");
-- create interviewer
CREATE TABLE interviewer (
	id BIGSERIAL NOT NULL, 
	interview BIGINT, 
	person BIGINT, 
	part TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_interviewer_interview" ON "interviewer" ("interview");
CREATE INDEX "sys_ix_interviewer_person" ON "interviewer" ("person");
-- create reference
CREATE TABLE reference (
	id BIGSERIAL NOT NULL, 
	application BIGINT, 
	referee BIGINT, 
	asked_on TEXT, 
	notes TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_reference_application" ON "reference" ("application");
CREATE INDEX "sys_ix_reference_referee" ON "reference" ("referee");
-- create permission
CREATE TABLE permission (
	id BIGSERIAL NOT NULL, 
	person BIGINT, 
	purpose TEXT, 
	recipient TEXT, 
	given_at TEXT, 
	ends_on TEXT, 
	withdrawn_at TEXT, 
	wording TEXT, 
	notice TEXT, 
	language TEXT, 
	channel TEXT, 
	evidence TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	sys_until_accountability TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_permission_person" ON "permission" ("person");
-- create objection
CREATE TABLE objection (
	id BIGSERIAL NOT NULL, 
	person BIGINT, 
	purpose TEXT, 
	state TEXT, 
	raised_at TEXT, 
	decided_at TEXT, 
	withdrawn_at TEXT, 
	reason TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_objection_person" ON "objection" ("person");
-- create ban
CREATE TABLE ban (
	id BIGSERIAL NOT NULL, 
	person BIGINT, 
	channel TEXT, 
	purpose TEXT, 
	sender TEXT, 
	set_at TEXT, 
	lifted_at TEXT, 
	fingerprints TEXT, 
	source_note TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_ban_person" ON "ban" ("person");
-- create restriction
CREATE TABLE restriction (
	id BIGSERIAL NOT NULL, 
	person BIGINT, 
	ground TEXT, 
	from_at TEXT, 
	lifted_at TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_restriction_person" ON "restriction" ("person");
-- create hold
CREATE TABLE hold (
	id BIGSERIAL NOT NULL, 
	person BIGINT, 
	reason TEXT, 
	owner TEXT, 
	review_on TEXT, 
	from_at TEXT, 
	ended_at TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_hold_person" ON "hold" ("person");
-- create rights_request
CREATE TABLE rights_request (
	id BIGSERIAL NOT NULL, 
	person BIGINT, 
	"right" TEXT, 
	asked TEXT, 
	asked_by TEXT, 
	language TEXT, 
	received_at TEXT, 
	channel TEXT, 
	state TEXT, 
	due_on TEXT, 
	answered_at TEXT, 
	answer TEXT, 
	together TEXT, 
	left_out TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_rights_request_person" ON "rights_request" ("person");
-- create request_step
CREATE TABLE request_step (
	id BIGSERIAL NOT NULL, 
	rights_request BIGINT, 
	step TEXT, 
	at TEXT, 
	how TEXT, 
	text TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_request_step_rights_request" ON "request_step" ("rights_request");
-- create request_letter
CREATE TABLE request_letter (
	id BIGSERIAL NOT NULL, 
	rights_request BIGINT, 
	about TEXT, 
	way TEXT, 
	since TEXT, 
	sent_at TEXT, 
	failed_at TEXT, 
	why_not TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_request_letter_rights_request" ON "request_letter" ("rights_request");
-- create recipient_notice
CREATE TABLE recipient_notice (
	id BIGSERIAL NOT NULL, 
	rights_request BIGINT, 
	recipient TEXT, 
	what TEXT, 
	since TEXT, 
	told_at TEXT, 
	why_not TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_recipient_notice_rights_request" ON "recipient_notice" ("rights_request");
-- create disclosure
CREATE TABLE disclosure (
	id BIGSERIAL NOT NULL, 
	person BIGINT, 
	recipient TEXT, 
	at TEXT, 
	what TEXT, 
	ground TEXT, 
	purpose TEXT, 
	provision TEXT, 
	recipient_key TEXT, 
	country TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_disclosure_person" ON "disclosure" ("person");
-- create outside_request
CREATE TABLE outside_request (
	id BIGSERIAL NOT NULL, 
	person BIGINT, 
	asked_by TEXT, 
	requester TEXT, 
	provision TEXT, 
	sort TEXT, 
	right_shown TEXT, 
	received_at TEXT, 
	reference TEXT, 
	asked TEXT, 
	what TEXT, 
	request_code TEXT, 
	state TEXT, 
	decided_at TEXT, 
	reason TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_outside_request_person" ON "outside_request" ("person");
-- create processor_agreement
CREATE TABLE processor_agreement (
	id BIGSERIAL NOT NULL, 
	processor TEXT, 
	company TEXT, 
	subject_matter TEXT, 
	duration TEXT, 
	nature TEXT, 
	aim TEXT, 
	data_types TEXT, 
	subjects TEXT, 
	clauses TEXT, 
	signed_on TEXT, 
	ended_on TEXT, 
	paper TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
-- index person
CREATE INDEX "sys_by_person" ON "person" (substring(seloste_order("last_name") from 1 for 200), coalesce(substring(seloste_order("first_name") from 1 for 200), ''), id) WHERE "last_name" IS NOT NULL;
-- index opening
CREATE INDEX "sys_by_opening" ON "opening" ("closes_on", id) WHERE "closes_on" IS NOT NULL;
-- index hiring
CREATE INDEX "sys_by_hiring" ON "hiring" ("began_on", id) WHERE "began_on" IS NOT NULL;
-- index application
CREATE INDEX "sys_by_application" ON "application" ("applied_at", id) WHERE "applied_at" IS NOT NULL;
-- index interview
CREATE INDEX "sys_by_interview" ON "interview" ("at", id) WHERE "at" IS NOT NULL;
-- index reference
CREATE INDEX "sys_by_reference" ON "reference" ("asked_on", id) WHERE "asked_on" IS NOT NULL;
-- index permission
CREATE INDEX "sys_by_permission" ON "permission" ("given_at", id) WHERE "given_at" IS NOT NULL;
-- index objection
CREATE INDEX "sys_by_objection" ON "objection" ("raised_at", id) WHERE "raised_at" IS NOT NULL;
-- index ban
CREATE INDEX "sys_by_ban" ON "ban" ("set_at", id) WHERE "set_at" IS NOT NULL;
-- index restriction
CREATE INDEX "sys_by_restriction" ON "restriction" ("from_at", id) WHERE "from_at" IS NOT NULL;
-- index hold
CREATE INDEX "sys_by_hold" ON "hold" ("from_at", id) WHERE "from_at" IS NOT NULL;
-- index hold.review_on
CREATE INDEX "sys_due_hold" ON "hold" ("review_on", id) WHERE "review_on" IS NOT NULL AND "ended_at" IS NULL;
-- index rights_request
CREATE INDEX "sys_by_rights_request" ON "rights_request" ("received_at", id) WHERE "received_at" IS NOT NULL;
-- index rights_request.due_on
CREATE INDEX "sys_due_rights_request" ON "rights_request" ("due_on", id) WHERE "due_on" IS NOT NULL AND "answered_at" IS NULL;
-- index request_step
CREATE INDEX "sys_by_request_step" ON "request_step" ("at", id) WHERE "at" IS NOT NULL;
-- index request_letter
CREATE INDEX "sys_by_request_letter" ON "request_letter" ("since", id) WHERE "since" IS NOT NULL;
-- index recipient_notice
CREATE INDEX "sys_by_recipient_notice" ON "recipient_notice" ("since", id) WHERE "since" IS NOT NULL;
-- index disclosure
CREATE INDEX "sys_by_disclosure" ON "disclosure" ("at", id) WHERE "at" IS NOT NULL;
-- index outside_request
CREATE INDEX "sys_by_outside_request" ON "outside_request" ("received_at", id) WHERE "received_at" IS NOT NULL;
-- index processor_agreement
CREATE INDEX "sys_by_processor_agreement" ON "processor_agreement" ("signed_on", id) WHERE "signed_on" IS NOT NULL;
-- lens recruiter
-- lens hiring_manager
-- recruiter sees person
SELECT t.id, t.first_name, t.last_name, CASE WHEN (t.sys_until_recruitment >= c.today AND (t.sys_use_0 & 1) != 0 OR t.sys_until_recruitment_claims >= c.today AND (t.sys_use_0 & 2) != 0 OR t.sys_until_talent_pool >= c.today AND (t.sys_use_0 & 8) != 0) THEN t.phone END AS phone, CASE WHEN (t.sys_until_recruitment >= c.today AND (t.sys_use_0 & 1) != 0 OR t.sys_until_recruitment_claims >= c.today AND (t.sys_use_0 & 2) != 0 OR t.sys_until_talent_pool >= c.today AND (t.sys_use_0 & 8) != 0) THEN t.email END AS email, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN person AS t ON true 
WHERE t.sys_until_recruitment >= c.today AND (t.sys_use_0 & 1) != 0 OR t.sys_until_recruitment_claims >= c.today AND (t.sys_use_0 & 2) != 0 OR t.sys_until_hiring_work >= c.today AND (t.sys_use_0 & 4) != 0 OR t.sys_until_talent_pool >= c.today AND (t.sys_use_0 & 8) != 0;
-- recruiter sees opening
SELECT t.id, t.title, t.closes_on, t.sys_source, t.sys_recorded_at 
FROM opening AS t 
WHERE true;
-- recruiter sees hiring
SELECT t.id, t.person, t.opening, t.began_on, t.ended_on, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN hiring AS t ON true LEFT OUTER JOIN person AS t1 ON t.person = t1.id 
WHERE t.sys_until_hiring_work >= c.today AND (t1.sys_use_0 & 4) != 0;
-- recruiter sees application
SELECT t.id, t.person, t.opening, t.applied_at, t.status, t.decided_on, t.cv, t.cover_letter, CASE WHEN (t.sys_until_recruitment >= c.today AND (t1.sys_use_0 & 1) != 0) THEN t.salary_request END AS salary_request, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN application AS t ON true LEFT OUTER JOIN person AS t1 ON t.person = t1.id 
WHERE t.sys_until_recruitment >= c.today AND (t1.sys_use_0 & 1) != 0 OR t.sys_until_recruitment_claims >= c.today AND (t1.sys_use_0 & 2) != 0 OR coalesce(t.applied_at, t.sys_recorded_at) >= c.cut_1 AND (t1.sys_use_0 & 8) != 0;
-- recruiter sees interview
SELECT t.id, t.application, t.at, t.place, t.notes, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN interview AS t ON true LEFT OUTER JOIN application AS t1 ON t.application = t1.id LEFT OUTER JOIN person AS t2 ON t1.person = t2.id 
WHERE t1.sys_until_recruitment >= c.today AND (t2.sys_use_0 & 1) != 0 OR t1.sys_until_recruitment_claims >= c.today AND (t2.sys_use_0 & 2) != 0;
-- recruiter sees interviewer
SELECT t.id, t.interview, t.person, t.part, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN interviewer AS t ON true LEFT OUTER JOIN interview AS t1 ON t.interview = t1.id LEFT OUTER JOIN application AS t2 ON t1.application = t2.id LEFT OUTER JOIN person AS t3 ON t.person = t3.id 
WHERE t2.sys_until_recruitment >= c.today AND (t3.sys_use_0 & 1) != 0 OR t.interview IS NULL AND (t3.sys_use_0 & 1) != 0 AND t3.sys_until_recruitment >= c.today OR t2.sys_until_recruitment_claims >= c.today AND (t3.sys_use_0 & 2) != 0 OR t.interview IS NULL AND (t3.sys_use_0 & 2) != 0 AND t3.sys_until_recruitment_claims >= c.today;
-- recruiter sees reference
SELECT t.id, CASE WHEN (t1.sys_until_recruitment >= c.today AND (t2.sys_use_0 & 1) != 0) THEN t.application END AS application, CASE WHEN (t1.sys_until_recruitment >= c.today AND (t3.sys_use_0 & 1) != 0) THEN t.referee END AS referee, CASE WHEN (t1.sys_until_recruitment >= c.today AND (t2.sys_use_0 & 1) != 0) THEN t.asked_on END AS asked_on, CASE WHEN (t1.sys_until_recruitment >= c.today AND coalesce(t2.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND ((t2.sys_use_0 & 1) != 0 OR (t3.sys_use_0 & 1) != 0)) THEN t.notes END AS notes, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN reference AS t ON true LEFT OUTER JOIN application AS t1 ON t.application = t1.id LEFT OUTER JOIN person AS t2 ON t1.person = t2.id LEFT OUTER JOIN person AS t3 ON t.referee = t3.id 
WHERE t1.sys_until_recruitment >= c.today AND (t2.sys_use_0 & 1) != 0 OR t1.sys_until_recruitment >= c.today AND (t3.sys_use_0 & 1) != 0 OR t1.sys_until_recruitment >= c.today AND coalesce(t2.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND ((t2.sys_use_0 & 1) != 0 OR (t3.sys_use_0 & 1) != 0);
-- hiring_manager sees person
SELECT t.id, t.first_name, t.last_name, t.phone, t.email, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN person AS t ON true 
WHERE t.sys_until_recruitment >= c.today AND (t.sys_use_0 & 1) != 0 AND ((EXISTS (SELECT 1 AS anon_1 
FROM sys_clock AS c JOIN hiring AS n0_ ON true 
WHERE n0_.person = t.id AND n0_.opening IN (SELECT o1.opening 
FROM hiring AS o1 
WHERE o1.person = (SELECT seloste_acting()) AND (o1.ended_on IS NULL OR o1.ended_on >= c.today)))) OR (EXISTS (SELECT 1 AS anon_2 
FROM sys_clock AS c JOIN application AS n2_ ON true 
WHERE n2_.person = t.id AND n2_.opening IN (SELECT o3.opening 
FROM hiring AS o3 
WHERE o3.person = (SELECT seloste_acting()) AND (o3.ended_on IS NULL OR o3.ended_on >= c.today)))) OR (EXISTS (SELECT 1 AS anon_3 
FROM sys_clock AS c JOIN interviewer AS n4_ ON true LEFT OUTER JOIN interview AS n4_1 ON n4_.interview = n4_1.id LEFT OUTER JOIN application AS n4_2 ON n4_1.application = n4_2.id 
WHERE n4_.person = t.id AND n4_2.opening IN (SELECT o5.opening 
FROM hiring AS o5 
WHERE o5.person = (SELECT seloste_acting()) AND (o5.ended_on IS NULL OR o5.ended_on >= c.today)))) OR (EXISTS (SELECT 1 AS anon_4 
FROM sys_clock AS c JOIN reference AS n6_ ON true LEFT OUTER JOIN application AS n6_1 ON n6_.application = n6_1.id 
WHERE n6_.referee = t.id AND n6_1.opening IN (SELECT o7.opening 
FROM hiring AS o7 
WHERE o7.person = (SELECT seloste_acting()) AND (o7.ended_on IS NULL OR o7.ended_on >= c.today)))));
-- hiring_manager sees opening
SELECT t.id, t.title, t.closes_on, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN opening AS t ON true 
WHERE t.id IN (SELECT o0.opening 
FROM hiring AS o0 
WHERE o0.person = (SELECT seloste_acting()) AND (o0.ended_on IS NULL OR o0.ended_on >= c.today));
-- hiring_manager sees application
SELECT t.id, t.person, t.opening, t.applied_at, t.status, t.decided_on, t.cv, t.cover_letter, t.salary_request, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN application AS t ON true LEFT OUTER JOIN person AS t1 ON t.person = t1.id 
WHERE t.sys_until_recruitment >= c.today AND (t1.sys_use_0 & 1) != 0 AND t.opening IN (SELECT o0.opening 
FROM hiring AS o0 
WHERE o0.person = (SELECT seloste_acting()) AND (o0.ended_on IS NULL OR o0.ended_on >= c.today));
-- hiring_manager sees interview
SELECT t.id, t.application, t.at, t.place, t.notes, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN interview AS t ON true LEFT OUTER JOIN application AS t1 ON t.application = t1.id LEFT OUTER JOIN person AS t2 ON t1.person = t2.id 
WHERE t1.sys_until_recruitment >= c.today AND (t2.sys_use_0 & 1) != 0 AND t1.opening IN (SELECT o0.opening 
FROM hiring AS o0 
WHERE o0.person = (SELECT seloste_acting()) AND (o0.ended_on IS NULL OR o0.ended_on >= c.today));
-- hiring_manager sees interviewer
SELECT t.id, t.interview, t.person, t.part, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN interviewer AS t ON true LEFT OUTER JOIN interview AS t1 ON t.interview = t1.id LEFT OUTER JOIN application AS t2 ON t1.application = t2.id LEFT OUTER JOIN person AS t3 ON t.person = t3.id 
WHERE (t2.sys_until_recruitment >= c.today AND (t3.sys_use_0 & 1) != 0 OR t.interview IS NULL AND (t3.sys_use_0 & 1) != 0 AND t3.sys_until_recruitment >= c.today) AND t2.opening IN (SELECT o0.opening 
FROM hiring AS o0 
WHERE o0.person = (SELECT seloste_acting()) AND (o0.ended_on IS NULL OR o0.ended_on >= c.today));
-- hiring_manager sees reference
SELECT t.id, CASE WHEN (t1.sys_until_recruitment >= c.today AND (t2.sys_use_0 & 1) != 0) THEN t.application END AS application, CASE WHEN (t1.sys_until_recruitment >= c.today AND (t3.sys_use_0 & 1) != 0) THEN t.referee END AS referee, CASE WHEN (t1.sys_until_recruitment >= c.today AND (t2.sys_use_0 & 1) != 0) THEN t.asked_on END AS asked_on, CASE WHEN (t1.sys_until_recruitment >= c.today AND coalesce(t2.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND ((t2.sys_use_0 & 1) != 0 OR (t3.sys_use_0 & 1) != 0)) THEN t.notes END AS notes, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN reference AS t ON true LEFT OUTER JOIN application AS t1 ON t.application = t1.id LEFT OUTER JOIN person AS t2 ON t1.person = t2.id LEFT OUTER JOIN person AS t3 ON t.referee = t3.id 
WHERE (t1.sys_until_recruitment >= c.today AND (t2.sys_use_0 & 1) != 0 OR t1.sys_until_recruitment >= c.today AND (t3.sys_use_0 & 1) != 0 OR t1.sys_until_recruitment >= c.today AND coalesce(t2.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND ((t2.sys_use_0 & 1) != 0 OR (t3.sys_use_0 & 1) != 0)) AND t1.opening IN (SELECT o0.opening 
FROM hiring AS o0 
WHERE o0.person = (SELECT seloste_acting()) AND (o0.ended_on IS NULL OR o0.ended_on >= c.today));
