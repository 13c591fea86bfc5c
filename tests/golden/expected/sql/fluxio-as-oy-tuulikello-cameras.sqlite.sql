-- create sys_touched
CREATE TABLE sys_touched (
	kind TEXT NOT NULL, 
	"row" BIGINT NOT NULL, 
	PRIMARY KEY (kind, "row")
);
-- clock 11
CREATE TABLE sys_clock (
	today TEXT, 
	cut_1 TEXT, 
	cut_2 TEXT, 
	cut_2_at TEXT, 
	cut_4 TEXT, 
	cut_5 TEXT, 
	cut_6 TEXT, 
	cut_7 TEXT, 
	cut_8 TEXT, 
	cut_9 TEXT, 
	cut_10 TEXT, 
	cut_11 TEXT, 
	cut_11_at TEXT, 
	cut_3 TEXT
);
-- create person
CREATE TABLE person (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	first_name TEXT, 
	last_name TEXT, 
	phone TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	sys_until_access_control TEXT, 
	sys_need_0 BIGINT, 
	sys_use_0 BIGINT, 
	sys_held BIGINT, 
	sys_restricted BIGINT
);
-- create key
CREATE TABLE "key" (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	person BIGINT, 
	code TEXT, 
	doors TEXT, 
	handed_on TEXT, 
	returned_on TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_key_person" ON "key" ("person");
-- create access_event
CREATE TABLE access_event (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	"key" BIGINT, 
	at TEXT, 
	door TEXT, 
	result TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_access_event_key" ON "access_event" ("key");
-- create camera
CREATE TABLE camera (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	place TEXT, 
	since TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT
);
-- create recording
CREATE TABLE recording (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	camera BIGINT, 
	from_at TEXT, 
	until_at TEXT, 
	place_kept TEXT, 
	exported_on TEXT, 
	exported_why TEXT, 
	destroyed_on TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_recording_camera" ON "recording" ("camera");
-- create permission
CREATE TABLE permission (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
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
	sys_until_accountability TEXT
);
CREATE INDEX "sys_ix_permission_person" ON "permission" ("person");
-- create objection
CREATE TABLE objection (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	person BIGINT, 
	purpose TEXT, 
	state TEXT, 
	raised_at TEXT, 
	decided_at TEXT, 
	withdrawn_at TEXT, 
	reason TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_objection_person" ON "objection" ("person");
-- create ban
CREATE TABLE ban (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	person BIGINT, 
	channel TEXT, 
	purpose TEXT, 
	sender TEXT, 
	set_at TEXT, 
	lifted_at TEXT, 
	fingerprints TEXT, 
	source_note TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_ban_person" ON "ban" ("person");
-- create restriction
CREATE TABLE restriction (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	person BIGINT, 
	ground TEXT, 
	from_at TEXT, 
	lifted_at TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_restriction_person" ON "restriction" ("person");
-- create hold
CREATE TABLE hold (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	person BIGINT, 
	reason TEXT, 
	owner TEXT, 
	review_on TEXT, 
	from_at TEXT, 
	ended_at TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_hold_person" ON "hold" ("person");
-- create rights_request
CREATE TABLE rights_request (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
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
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_rights_request_person" ON "rights_request" ("person");
-- create request_step
CREATE TABLE request_step (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	rights_request BIGINT, 
	step TEXT, 
	at TEXT, 
	how TEXT, 
	text TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_request_step_rights_request" ON "request_step" ("rights_request");
-- create request_letter
CREATE TABLE request_letter (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	rights_request BIGINT, 
	about TEXT, 
	way TEXT, 
	since TEXT, 
	sent_at TEXT, 
	failed_at TEXT, 
	why_not TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_request_letter_rights_request" ON "request_letter" ("rights_request");
-- create recipient_notice
CREATE TABLE recipient_notice (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	rights_request BIGINT, 
	recipient TEXT, 
	what TEXT, 
	since TEXT, 
	told_at TEXT, 
	why_not TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_recipient_notice_rights_request" ON "recipient_notice" ("rights_request");
-- create disclosure
CREATE TABLE disclosure (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
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
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_disclosure_person" ON "disclosure" ("person");
-- create outside_request
CREATE TABLE outside_request (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
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
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_outside_request_person" ON "outside_request" ("person");
-- create processor_agreement
CREATE TABLE processor_agreement (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
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
	sys_recorded_at TEXT
);
-- lens property_manager
-- lens security
-- property_manager sees person
SELECT shown.id, shown.first_name, shown.last_name, shown.phone, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.person AS t ON c.today IS NOT NULL CROSS JOIN main.person AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE t.sys_until_access_control >= c.today AND (t.sys_use_0 & 2) != 0;
-- property_manager sees key
SELECT shown.id, shown.person, shown.code, shown.doors, shown.handed_on, shown.returned_on, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main."key" AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.person AS t1 ON t.person = t1.id CROSS JOIN main."key" AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE t.id IS NOT NULL AND (t1.sys_use_0 & 2) != 0 AND (t.returned_on IS NULL OR t.returned_on >= c.cut_2);
-- property_manager sees access_event
SELECT shown.id, shown."key", shown.at, shown.door, shown.result, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.access_event AS t ON c.today IS NOT NULL LEFT OUTER JOIN main."key" AS t1 ON t."key" = t1.id LEFT OUTER JOIN main.person AS t2 ON t1.person = t2.id CROSS JOIN main.access_event AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE coalesce(t.at, t.sys_recorded_at) >= c.cut_3 AND t1.id IS NOT NULL AND (t2.sys_use_0 & 2) != 0 AND (t1.returned_on IS NULL OR t1.returned_on >= c.cut_2);
-- security sees person
SELECT shown.id, shown.first_name, shown.last_name, shown.phone, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.person AS t ON c.today IS NOT NULL CROSS JOIN main.person AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE t.sys_until_access_control >= c.today AND (t.sys_use_0 & 2) != 0;
-- security sees key
SELECT shown.id, shown.person, shown.code, shown.doors, shown.handed_on, shown.returned_on, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main."key" AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.person AS t1 ON t.person = t1.id CROSS JOIN main."key" AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE t.id IS NOT NULL AND (t1.sys_use_0 & 2) != 0 AND (t.returned_on IS NULL OR t.returned_on >= c.cut_2);
-- security sees access_event
SELECT shown.id, shown."key", shown.at, shown.door, shown.result, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.access_event AS t ON c.today IS NOT NULL LEFT OUTER JOIN main."key" AS t1 ON t."key" = t1.id LEFT OUTER JOIN main.person AS t2 ON t1.person = t2.id CROSS JOIN main.access_event AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE coalesce(t.at, t.sys_recorded_at) >= c.cut_3 AND t1.id IS NOT NULL AND (t2.sys_use_0 & 2) != 0 AND (t1.returned_on IS NULL OR t1.returned_on >= c.cut_2);
-- security sees camera
SELECT shown.id, shown.place, shown.since, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.camera AS t ON c.today IS NOT NULL AND t.sys_recorded_at IS NOT NULL CROSS JOIN main.camera AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE 1 = 1;
-- security sees recording
SELECT shown.id, shown.camera, shown.from_at, shown.until_at, shown.place_kept, shown.exported_on, shown.exported_why, shown.destroyed_on, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.recording AS t ON c.today IS NOT NULL CROSS JOIN main.recording AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE coalesce(t.until_at, t.sys_recorded_at) >= c.cut_1;
