-- create sys_touched
CREATE TABLE sys_touched (
	kind TEXT NOT NULL, 
	row BIGINT NOT NULL, 
	PRIMARY KEY (kind, row)
);
-- clock 11
CREATE TABLE sys_clock (
	today TEXT, 
	cut_2 TEXT, 
	cut_3 TEXT, 
	cut_4 TEXT, 
	cut_5 TEXT, 
	cut_6 TEXT, 
	cut_7 TEXT, 
	cut_8 TEXT, 
	cut_9 TEXT, 
	cut_10 TEXT, 
	cut_11 TEXT, 
	cut_11_at TEXT, 
	cut_1 TEXT
);
-- create person
CREATE TABLE person (
	id BIGSERIAL NOT NULL, 
	first_name TEXT, 
	last_name TEXT, 
	email TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	sys_until_service_use TEXT, 
	sys_until_feedback TEXT, 
	sys_need_0 BIGINT, 
	sys_use_0 BIGINT, 
	sys_held BIGINT, 
	sys_restricted BIGINT, 
	PRIMARY KEY (id)
);
-- create feedback
CREATE TABLE feedback (
	id BIGSERIAL NOT NULL, 
	person BIGINT, 
	given_at TEXT, 
	text TEXT, 
	score BIGINT, 
	handled_on TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_feedback_person" ON "feedback" ("person");
-- create account
CREATE TABLE account (
	id BIGSERIAL NOT NULL, 
	person BIGINT, 
	username TEXT, 
	created_on TEXT, 
	last_login TEXT, 
	closed_on TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	sys_until_service_use TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_account_person" ON "account" ("person");
-- create usage_event
CREATE TABLE usage_event (
	id BIGSERIAL NOT NULL, 
	account BIGINT, 
	at TEXT, 
	service TEXT, 
	action TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_usage_event_account" ON "usage_event" ("account");
-- create tracking_session
CREATE TABLE tracking_session (
	id BIGSERIAL NOT NULL, 
	person BIGINT, 
	started_at TEXT, 
	ended_at TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_tracking_session_person" ON "tracking_session" ("person");
-- create location_fix
CREATE TABLE location_fix (
	id BIGSERIAL NOT NULL, 
	tracking_session BIGINT, 
	at TEXT, 
	latitude BYTEA, 
	longitude BYTEA, 
	accuracy BIGINT, 
	background BIGINT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_location_fix_tracking_session" ON "location_fix" ("tracking_session");
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
-- index feedback
CREATE INDEX "sys_by_feedback" ON "feedback" ("given_at", id) WHERE "given_at" IS NOT NULL;
-- index account
CREATE INDEX "sys_by_account" ON "account" ("created_on", id) WHERE "created_on" IS NOT NULL;
-- index usage_event
CREATE INDEX "sys_by_usage_event" ON "usage_event" ("at", id) WHERE "at" IS NOT NULL;
-- index tracking_session
CREATE INDEX "sys_by_tracking_session" ON "tracking_session" ("started_at", id) WHERE "started_at" IS NOT NULL;
-- index location_fix
CREATE INDEX "sys_by_location_fix" ON "location_fix" ("at", id) WHERE "at" IS NOT NULL;
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
-- lens app_support
-- lens route_support
-- app_support sees person
SELECT t.id, t.first_name, t.last_name, t.email, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN person AS t ON true 
WHERE t.sys_until_service_use >= c.today AND (t.sys_use_0 & 1) != 0 OR t.sys_until_feedback >= c.today AND (t.sys_use_0 & 4) != 0;
-- app_support sees feedback
SELECT t.id, t.person, t.given_at, t.text, t.score, t.handled_on, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN feedback AS t ON true LEFT OUTER JOIN person AS t1 ON t.person = t1.id 
WHERE coalesce(t.given_at, t.sys_recorded_at) >= c.cut_3 AND (t1.sys_use_0 & 4) != 0;
-- app_support sees account
SELECT t.id, t.person, t.username, t.created_on, t.last_login, t.closed_on, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN account AS t ON true LEFT OUTER JOIN person AS t1 ON t.person = t1.id 
WHERE t.sys_until_service_use >= c.today AND (t1.sys_use_0 & 1) != 0;
-- app_support sees usage_event
SELECT t.id, t.account, t.at, t.service, t.action, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN usage_event AS t ON true LEFT OUTER JOIN account AS t1 ON t.account = t1.id LEFT OUTER JOIN person AS t2 ON t1.person = t2.id 
WHERE coalesce(t.at, t.sys_recorded_at) >= c.cut_1 AND t1.sys_until_service_use >= c.today AND (t2.sys_use_0 & 1) != 0;
-- route_support sees tracking_session
SELECT t.id, t.person, t.started_at, t.ended_at, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN tracking_session AS t ON true LEFT OUTER JOIN person AS t1 ON t.person = t1.id 
WHERE coalesce(t.started_at, t.sys_recorded_at) >= c.cut_2 AND (t1.sys_use_0 & 2) != 0;
-- route_support sees location_fix
SELECT t.id, t.tracking_session, t.at, t.latitude, t.longitude, t.accuracy, t.background, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN location_fix AS t ON true LEFT OUTER JOIN tracking_session AS t1 ON t.tracking_session = t1.id LEFT OUTER JOIN person AS t2 ON t1.person = t2.id 
WHERE coalesce(t1.started_at, t1.sys_recorded_at) >= c.cut_2 AND (t2.sys_use_0 & 2) != 0;
