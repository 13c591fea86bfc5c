-- create sys_touched
CREATE TABLE sys_touched (
	kind TEXT NOT NULL, 
	"row" BIGINT NOT NULL, 
	PRIMARY KEY (kind, "row")
);
-- clock 20
CREATE TABLE sys_clock (
	today TEXT, 
	cut_1 TEXT, 
	cut_1_at TEXT, 
	cut_2 TEXT, 
	cut_2_at TEXT, 
	cut_3 TEXT, 
	cut_3_at TEXT, 
	cut_5 TEXT, 
	cut_5_at TEXT, 
	cut_6 TEXT, 
	cut_6_at TEXT, 
	cut_7 TEXT, 
	cut_7_at TEXT, 
	cut_8 TEXT, 
	cut_8_at TEXT, 
	cut_10 TEXT, 
	cut_11 TEXT, 
	cut_12 TEXT, 
	cut_12_at TEXT, 
	cut_13 TEXT, 
	cut_14 TEXT, 
	cut_15 TEXT, 
	cut_16 TEXT, 
	cut_17 TEXT, 
	cut_18 TEXT, 
	cut_19 TEXT, 
	cut_20 TEXT, 
	cut_20_at TEXT, 
	cut_4 TEXT, 
	cut_9 TEXT
);
-- create person
CREATE TABLE person (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	first_name TEXT, 
	last_name TEXT, 
	phone TEXT, 
	email TEXT, 
	personal_identity_code BLOB, 
	sys_key_personal_identity_code TEXT, 
	non_disclosure BLOB, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	sys_until_property_management TEXT, 
	sys_until_service_use TEXT, 
	sys_until_charges TEXT, 
	sys_until_arrears TEXT, 
	sys_until_debt_collection TEXT, 
	sys_until_resident_information TEXT, 
	sys_until_maintenance TEXT, 
	sys_until_feedback TEXT, 
	sys_until_complaints TEXT, 
	sys_until_paper TEXT, 
	sys_need_0 BIGINT, 
	sys_use_0 BIGINT, 
	sys_held BIGINT, 
	sys_restricted BIGINT
);
CREATE INDEX "sys_ix_person_sys_key_personal_identity_code" ON "person" ("sys_key_personal_identity_code");
-- create organisation
CREATE TABLE organisation (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name TEXT, 
	business_id TEXT, 
	form TEXT, 
	phone TEXT, 
	email TEXT, 
	street TEXT, 
	postal_code TEXT, 
	city TEXT, 
	country TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT
);
-- create message
CREATE TABLE message (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	residency BIGINT, 
	person BIGINT, 
	sent_at TEXT, 
	channel TEXT, 
	subject TEXT, 
	template TEXT, 
	status TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_message_residency" ON "message" ("residency");
CREATE INDEX "sys_ix_message_person" ON "message" ("person");
-- create feedback
CREATE TABLE feedback (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	person BIGINT, 
	given_at TEXT, 
	text TEXT, 
	score BIGINT, 
	handled_on TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_feedback_person" ON "feedback" ("person");
-- create complaint
CREATE TABLE complaint (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	person BIGINT, 
	number TEXT, 
	received_on TEXT, 
	subject TEXT, 
	text TEXT, 
	answer_by TEXT, 
	outcome TEXT, 
	resolved_on TEXT, 
	maintenance_order BIGINT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	sys_until_complaints TEXT
);
CREATE INDEX "sys_ix_complaint_person" ON "complaint" ("person");
CREATE INDEX "sys_ix_complaint_maintenance_order" ON "complaint" ("maintenance_order");
-- create payment
CREATE TABLE payment (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	charge BIGINT, 
	paid_on TEXT, 
	amount BIGINT, 
	reference_number TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_payment_charge" ON "payment" ("charge");
-- create reminder
CREATE TABLE reminder (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	charge BIGINT, 
	sent_on TEXT, 
	fee BIGINT, 
	sys_source TEXT, 
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_reminder_charge" ON "reminder" ("charge");
-- create collection
CREATE TABLE collection (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	charge BIGINT, 
	opened_on TEXT, 
	debtor BIGINT, 
	agency BIGINT, 
	judgment_on TEXT, 
	closed_on TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	sys_until_debt_collection TEXT
);
CREATE INDEX "sys_ix_collection_charge" ON "collection" ("charge");
CREATE INDEX "sys_ix_collection_debtor" ON "collection" ("debtor");
CREATE INDEX "sys_ix_collection_agency" ON "collection" ("agency");
-- create ledger_entry
CREATE TABLE ledger_entry (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	charge BIGINT, 
	number TEXT, 
	dated TEXT, 
	text TEXT, 
	amount BIGINT, 
	sys_source TEXT, 
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_ledger_entry_charge" ON "ledger_entry" ("charge");
-- create account
CREATE TABLE account (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	person BIGINT, 
	username TEXT, 
	created_on TEXT, 
	last_login TEXT, 
	closed_on TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	sys_until_service_use TEXT
);
CREATE INDEX "sys_ix_account_person" ON "account" ("person");
-- create usage_event
CREATE TABLE usage_event (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	account BIGINT, 
	at TEXT, 
	service TEXT, 
	action TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_usage_event_account" ON "usage_event" ("account");
-- create housing_company
CREATE TABLE housing_company (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name TEXT, 
	business_id TEXT, 
	street TEXT, 
	postal_code TEXT, 
	city TEXT, 
	bank_account TEXT, 
	managed_from TEXT, 
	managed_until TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT
);
-- create apartment
CREATE TABLE apartment (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	housing_company BIGINT, 
	code TEXT, 
	address TEXT, 
	floor BIGINT, 
	rooms TEXT, 
	area TEXT, 
	shares TEXT, 
	charge_basis TEXT, 
	reference_number TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_apartment_housing_company" ON "apartment" ("housing_company");
-- create residency
CREATE TABLE residency (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	person BIGINT, 
	apartment BIGINT, 
	moved_in TEXT, 
	moved_out TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_residency_person" ON "residency" ("person");
CREATE INDEX "sys_ix_residency_apartment" ON "residency" ("apartment");
-- create shareholding
CREATE TABLE shareholding (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	person BIGINT, 
	apartment BIGINT, 
	shares TEXT, 
	portion TEXT, 
	began TEXT, 
	ended TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_shareholding_person" ON "shareholding" ("person");
CREATE INDEX "sys_ix_shareholding_apartment" ON "shareholding" ("apartment");
-- create office
CREATE TABLE office (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	person BIGINT, 
	housing_company BIGINT, 
	role TEXT, 
	began TEXT, 
	ended TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_office_person" ON "office" ("person");
CREATE INDEX "sys_ix_office_housing_company" ON "office" ("housing_company");
-- create charge
CREATE TABLE charge (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	apartment BIGINT, 
	person BIGINT, 
	sort TEXT, 
	period TEXT, 
	amount BIGINT, 
	due_on TEXT, 
	paid_on TEXT, 
	reference_number TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	sys_until_arrears TEXT, 
	sys_until_debt_collection TEXT
);
CREATE INDEX "sys_ix_charge_apartment" ON "charge" ("apartment");
CREATE INDEX "sys_ix_charge_person" ON "charge" ("person");
-- create debtor
CREATE TABLE debtor (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	charge BIGINT, 
	person BIGINT, 
	liable_as TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_debtor_charge" ON "debtor" ("charge");
CREATE INDEX "sys_ix_debtor_person" ON "debtor" ("person");
-- create maintenance_order
CREATE TABLE maintenance_order (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	apartment BIGINT, 
	housing_company BIGINT, 
	person BIGINT, 
	number TEXT, 
	reported_at TEXT, 
	subject TEXT, 
	description TEXT, 
	may_enter BIGINT, 
	contractor BIGINT, 
	ordered_on TEXT, 
	done_on TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	sys_until_complaints TEXT
);
CREATE INDEX "sys_ix_maintenance_order_apartment" ON "maintenance_order" ("apartment");
CREATE INDEX "sys_ix_maintenance_order_housing_company" ON "maintenance_order" ("housing_company");
CREATE INDEX "sys_ix_maintenance_order_person" ON "maintenance_order" ("person");
CREATE INDEX "sys_ix_maintenance_order_contractor" ON "maintenance_order" ("contractor");
-- create paper_record
CREATE TABLE paper_record (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	person BIGINT, 
	housing_company BIGINT, 
	organisation BIGINT, 
	title TEXT, 
	place TEXT, 
	dated TEXT, 
	destroyed_on TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_paper_record_person" ON "paper_record" ("person");
CREATE INDEX "sys_ix_paper_record_housing_company" ON "paper_record" ("housing_company");
CREATE INDEX "sys_ix_paper_record_organisation" ON "paper_record" ("organisation");
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
-- lens service_desk
-- lens accountant
-- property_manager sees person
SELECT shown.id, shown.first_name, shown.last_name, CASE WHEN ((t.sys_until_property_management >= c.today AND (t.sys_use_0 & 1) != 0 OR t.sys_until_resident_information >= c.today AND (t.sys_use_0 & 128) != 0 OR t.sys_until_maintenance >= c.today AND (t.sys_use_0 & 256) != 0 OR t.sys_until_complaints >= c.today AND (t.sys_use_0 & 1024) != 0 OR (t.sys_use_0 & 2) != 0 AND (t.sys_until_property_management >= c.today AND (t.sys_need_0 & 1) != 0 OR t.sys_until_arrears >= c.today OR t.sys_until_debt_collection >= c.today OR t.sys_until_resident_information >= c.today AND (t.sys_need_0 & 128) != 0 OR t.sys_until_maintenance >= c.today AND (t.sys_need_0 & 256) != 0 OR t.sys_until_complaints >= c.today)) AND t.non_disclosure IS NULL) THEN shown.phone END AS phone, CASE WHEN ((t.sys_until_property_management >= c.today AND (t.sys_use_0 & 1) != 0 OR t.sys_until_resident_information >= c.today AND (t.sys_use_0 & 128) != 0 OR t.sys_until_feedback >= c.today AND (t.sys_use_0 & 512) != 0 OR t.sys_until_complaints >= c.today AND (t.sys_use_0 & 1024) != 0 OR (t.sys_use_0 & 2) != 0 AND (t.sys_until_property_management >= c.today AND (t.sys_need_0 & 1) != 0 OR t.sys_until_service_use >= c.today OR t.sys_until_arrears >= c.today OR t.sys_until_debt_collection >= c.today OR t.sys_until_resident_information >= c.today AND (t.sys_need_0 & 128) != 0 OR t.sys_until_feedback >= c.today AND (t.sys_need_0 & 512) != 0 OR t.sys_until_complaints >= c.today)) AND t.non_disclosure IS NULL) THEN shown.email END AS email, CASE WHEN (t.sys_until_property_management >= c.today AND (t.sys_use_0 & 1) != 0) THEN shown.non_disclosure END AS non_disclosure, CASE WHEN (t.non_disclosure IS NOT NULL) THEN 1 + CASE WHEN ((t.sys_until_property_management >= c.today AND (t.sys_use_0 & 1) != 0 OR t.sys_until_resident_information >= c.today AND (t.sys_use_0 & 128) != 0 OR t.sys_until_maintenance >= c.today AND (t.sys_use_0 & 256) != 0 OR t.sys_until_complaints >= c.today AND (t.sys_use_0 & 1024) != 0 OR (t.sys_use_0 & 2) != 0 AND (t.sys_until_property_management >= c.today AND (t.sys_need_0 & 1) != 0 OR t.sys_until_arrears >= c.today OR t.sys_until_debt_collection >= c.today OR t.sys_until_resident_information >= c.today AND (t.sys_need_0 & 128) != 0 OR t.sys_until_maintenance >= c.today AND (t.sys_need_0 & 256) != 0 OR t.sys_until_complaints >= c.today)) AND shown.phone IS NOT NULL) THEN 2 ELSE 0 END + CASE WHEN ((t.sys_until_property_management >= c.today AND (t.sys_use_0 & 1) != 0 OR t.sys_until_resident_information >= c.today AND (t.sys_use_0 & 128) != 0 OR t.sys_until_feedback >= c.today AND (t.sys_use_0 & 512) != 0 OR t.sys_until_complaints >= c.today AND (t.sys_use_0 & 1024) != 0 OR (t.sys_use_0 & 2) != 0 AND (t.sys_until_property_management >= c.today AND (t.sys_need_0 & 1) != 0 OR t.sys_until_service_use >= c.today OR t.sys_until_arrears >= c.today OR t.sys_until_debt_collection >= c.today OR t.sys_until_resident_information >= c.today AND (t.sys_need_0 & 128) != 0 OR t.sys_until_feedback >= c.today AND (t.sys_need_0 & 512) != 0 OR t.sys_until_complaints >= c.today)) AND shown.email IS NOT NULL) THEN 4 ELSE 0 END END AS sys_guarded, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.person AS t ON c.today IS NOT NULL CROSS JOIN main.person AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE t.sys_until_property_management >= c.today AND (t.sys_use_0 & 1) != 0 OR t.sys_until_resident_information >= c.today AND (t.sys_use_0 & 128) != 0 OR t.sys_until_maintenance >= c.today AND (t.sys_use_0 & 256) != 0 OR t.sys_until_feedback >= c.today AND (t.sys_use_0 & 512) != 0 OR t.sys_until_complaints >= c.today AND (t.sys_use_0 & 1024) != 0 OR t.sys_until_paper >= c.today AND (t.sys_use_0 & 2048) != 0 OR (t.sys_use_0 & 2) != 0 AND (t.sys_until_property_management >= c.today AND (t.sys_need_0 & 1) != 0 OR t.sys_until_service_use >= c.today OR t.sys_until_charges >= c.today AND (t.sys_need_0 & 8) != 0 OR t.sys_until_arrears >= c.today OR t.sys_until_debt_collection >= c.today OR t.sys_until_resident_information >= c.today AND (t.sys_need_0 & 128) != 0 OR t.sys_until_maintenance >= c.today AND (t.sys_need_0 & 256) != 0 OR t.sys_until_feedback >= c.today AND (t.sys_need_0 & 512) != 0 OR t.sys_until_complaints >= c.today OR t.sys_until_paper >= c.today AND (t.sys_need_0 & 2048) != 0);
-- property_manager sees organisation
SELECT shown.id, shown.name, shown.business_id, shown.form, shown.phone, shown.email, shown.street, shown.postal_code, shown.city, shown.country, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.organisation AS t ON c.today IS NOT NULL AND t.sys_recorded_at IS NOT NULL CROSS JOIN main.organisation AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE 1 = 1;
-- property_manager sees message
SELECT shown.id, shown.residency, shown.person, shown.sent_at, shown.channel, shown.subject, shown.template, shown.status, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.message AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.residency AS t1 ON t.residency = t1.id LEFT OUTER JOIN main.person AS t2 ON t.person = t2.id LEFT OUTER JOIN main.person AS t3 ON t1.person = t3.id CROSS JOIN main.message AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE coalesce(t.sent_at, t.sys_recorded_at) >= c.cut_9 AND coalesce(t2.sys_restricted, 0) = 0 AND (t.person IS NOT NULL OR coalesce(t3.sys_restricted, 0) = 0) AND (t1.id IS NOT NULL AND (t1.moved_out IS NULL OR t1.moved_out >= c.cut_8) AND ((t2.sys_use_0 & 128) != 0 OR t.person IS NULL AND (t3.sys_use_0 & 128) != 0) OR t.residency IS NULL AND ((t2.sys_use_0 & 128) != 0 AND t2.sys_until_resident_information >= c.today OR t.person IS NULL AND (t3.sys_use_0 & 128) != 0 AND t3.sys_until_resident_information >= c.today));
-- property_manager sees feedback
SELECT shown.id, shown.person, shown.given_at, shown.text, shown.score, shown.handled_on, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.feedback AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.person AS t1 ON t.person = t1.id CROSS JOIN main.feedback AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE coalesce(t.given_at, t.sys_recorded_at) >= c.cut_11 AND (t1.sys_use_0 & 512) != 0;
-- property_manager sees complaint
SELECT shown.id, shown.person, shown.number, shown.received_on, shown.subject, shown.text, shown.answer_by, shown.outcome, shown.resolved_on, shown.maintenance_order, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.complaint AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.person AS t1 ON t.person = t1.id CROSS JOIN main.complaint AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE t.sys_until_complaints >= c.today AND (t1.sys_use_0 & 1024) != 0;
-- property_manager sees housing_company
SELECT shown.id, shown.name, shown.business_id, shown.street, shown.postal_code, shown.city, shown.bank_account, shown.managed_from, shown.managed_until, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.housing_company AS t ON c.today IS NOT NULL AND t.sys_recorded_at IS NOT NULL CROSS JOIN main.housing_company AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE 1 = 1;
-- property_manager sees apartment
SELECT shown.id, shown.housing_company, shown.code, shown.address, shown.floor, shown.rooms, shown.area, shown.shares, shown.charge_basis, shown.reference_number, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.apartment AS t ON c.today IS NOT NULL AND t.sys_recorded_at IS NOT NULL CROSS JOIN main.apartment AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE 1 = 1;
-- property_manager sees residency
SELECT shown.id, shown.person, shown.apartment, shown.moved_in, shown.moved_out, CASE WHEN (t1.non_disclosure IS NOT NULL) THEN 1 END AS sys_guarded, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.residency AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.person AS t1 ON t.person = t1.id CROSS JOIN main.residency AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE t.id IS NOT NULL AND (t1.sys_use_0 & 1) != 0 AND (t.moved_out IS NULL OR t.moved_out >= c.cut_1) OR t.id IS NOT NULL AND (t1.sys_use_0 & 128) != 0 AND (t.moved_out IS NULL OR t.moved_out >= c.cut_8) OR (t1.sys_use_0 & 2) != 0 AND (t.id IS NOT NULL AND (t1.sys_need_0 & 1) != 0 AND (t.moved_out IS NULL OR t.moved_out >= c.cut_1) OR t.id IS NOT NULL AND (t1.sys_need_0 & 128) != 0 AND (t.moved_out IS NULL OR t.moved_out >= c.cut_8));
-- property_manager sees shareholding
SELECT shown.id, shown.person, shown.apartment, shown.shares, shown.portion, shown.began, shown.ended, CASE WHEN (t1.non_disclosure IS NOT NULL) THEN 1 END AS sys_guarded, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.shareholding AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.person AS t1 ON t.person = t1.id CROSS JOIN main.shareholding AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE t.id IS NOT NULL AND (t1.sys_use_0 & 1) != 0 AND (t.ended IS NULL OR t.ended >= c.cut_2) OR t.id IS NOT NULL AND (t1.sys_need_0 & 1) != 0 AND (t1.sys_use_0 & 2) != 0 AND (t.ended IS NULL OR t.ended >= c.cut_2);
-- property_manager sees office
SELECT shown.id, shown.person, shown.housing_company, shown.role, shown.began, shown.ended, CASE WHEN (t1.non_disclosure IS NOT NULL) THEN 1 END AS sys_guarded, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.office AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.person AS t1 ON t.person = t1.id CROSS JOIN main.office AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE t.id IS NOT NULL AND (t1.sys_use_0 & 1) != 0 AND (t.ended IS NULL OR t.ended >= c.cut_3);
-- property_manager sees maintenance_order
SELECT shown.id, shown.apartment, shown.housing_company, shown.person, shown.number, shown.reported_at, shown.subject, shown.description, shown.may_enter, shown.contractor, shown.ordered_on, shown.done_on, CASE WHEN (t1.non_disclosure IS NOT NULL) THEN 1 END AS sys_guarded, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.maintenance_order AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.person AS t1 ON t.person = t1.id CROSS JOIN main.maintenance_order AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE coalesce(t.reported_at, t.sys_recorded_at) >= c.cut_10 AND ((t1.sys_use_0 & 256) != 0 OR t1.id IS NULL) OR t.sys_until_complaints >= c.today AND ((t1.sys_use_0 & 1024) != 0 OR t1.id IS NULL);
-- property_manager sees paper_record
SELECT shown.id, shown.person, shown.housing_company, shown.organisation, shown.title, shown.place, shown.dated, shown.destroyed_on, CASE WHEN (t1.non_disclosure IS NOT NULL) THEN 1 END AS sys_guarded, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.paper_record AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.person AS t1 ON t.person = t1.id CROSS JOIN main.paper_record AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE ((t1.sys_use_0 & 2048) != 0 OR t1.id IS NULL) AND (t.dated >= c.cut_12 OR t.dated IS NULL AND t.sys_recorded_at >= c.cut_12_at);
-- service_desk sees person
SELECT shown.id, shown.first_name, shown.last_name, CASE WHEN ((t.sys_until_resident_information >= c.today AND (t.sys_use_0 & 128) != 0 OR t.sys_until_maintenance >= c.today AND (t.sys_use_0 & 256) != 0 OR (t.sys_use_0 & 2) != 0 AND (t.sys_until_property_management >= c.today AND (t.sys_need_0 & 1) != 0 OR t.sys_until_arrears >= c.today OR t.sys_until_debt_collection >= c.today OR t.sys_until_resident_information >= c.today AND (t.sys_need_0 & 128) != 0 OR t.sys_until_maintenance >= c.today AND (t.sys_need_0 & 256) != 0 OR t.sys_until_complaints >= c.today)) AND t.non_disclosure IS NULL) THEN shown.phone END AS phone, CASE WHEN ((t.sys_until_service_use >= c.today AND (t.sys_use_0 & 4) != 0 OR t.sys_until_resident_information >= c.today AND (t.sys_use_0 & 128) != 0 OR (t.sys_use_0 & 2) != 0 AND (t.sys_until_property_management >= c.today AND (t.sys_need_0 & 1) != 0 OR t.sys_until_service_use >= c.today OR t.sys_until_arrears >= c.today OR t.sys_until_debt_collection >= c.today OR t.sys_until_resident_information >= c.today AND (t.sys_need_0 & 128) != 0 OR t.sys_until_feedback >= c.today AND (t.sys_need_0 & 512) != 0 OR t.sys_until_complaints >= c.today)) AND t.non_disclosure IS NULL) THEN shown.email END AS email, CASE WHEN (t.non_disclosure IS NOT NULL) THEN 1 + CASE WHEN ((t.sys_until_resident_information >= c.today AND (t.sys_use_0 & 128) != 0 OR t.sys_until_maintenance >= c.today AND (t.sys_use_0 & 256) != 0 OR (t.sys_use_0 & 2) != 0 AND (t.sys_until_property_management >= c.today AND (t.sys_need_0 & 1) != 0 OR t.sys_until_arrears >= c.today OR t.sys_until_debt_collection >= c.today OR t.sys_until_resident_information >= c.today AND (t.sys_need_0 & 128) != 0 OR t.sys_until_maintenance >= c.today AND (t.sys_need_0 & 256) != 0 OR t.sys_until_complaints >= c.today)) AND shown.phone IS NOT NULL) THEN 2 ELSE 0 END + CASE WHEN ((t.sys_until_service_use >= c.today AND (t.sys_use_0 & 4) != 0 OR t.sys_until_resident_information >= c.today AND (t.sys_use_0 & 128) != 0 OR (t.sys_use_0 & 2) != 0 AND (t.sys_until_property_management >= c.today AND (t.sys_need_0 & 1) != 0 OR t.sys_until_service_use >= c.today OR t.sys_until_arrears >= c.today OR t.sys_until_debt_collection >= c.today OR t.sys_until_resident_information >= c.today AND (t.sys_need_0 & 128) != 0 OR t.sys_until_feedback >= c.today AND (t.sys_need_0 & 512) != 0 OR t.sys_until_complaints >= c.today)) AND shown.email IS NOT NULL) THEN 4 ELSE 0 END END AS sys_guarded, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.person AS t ON c.today IS NOT NULL CROSS JOIN main.person AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE t.sys_until_service_use >= c.today AND (t.sys_use_0 & 4) != 0 OR t.sys_until_resident_information >= c.today AND (t.sys_use_0 & 128) != 0 OR t.sys_until_maintenance >= c.today AND (t.sys_use_0 & 256) != 0 OR (t.sys_use_0 & 2) != 0 AND (t.sys_until_property_management >= c.today AND (t.sys_need_0 & 1) != 0 OR t.sys_until_service_use >= c.today OR t.sys_until_charges >= c.today AND (t.sys_need_0 & 8) != 0 OR t.sys_until_arrears >= c.today OR t.sys_until_debt_collection >= c.today OR t.sys_until_resident_information >= c.today AND (t.sys_need_0 & 128) != 0 OR t.sys_until_maintenance >= c.today AND (t.sys_need_0 & 256) != 0 OR t.sys_until_feedback >= c.today AND (t.sys_need_0 & 512) != 0 OR t.sys_until_complaints >= c.today OR t.sys_until_paper >= c.today AND (t.sys_need_0 & 2048) != 0);
-- service_desk sees organisation
SELECT shown.id, shown.name, shown.business_id, shown.form, shown.phone, shown.email, shown.street, shown.postal_code, shown.city, shown.country, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.organisation AS t ON c.today IS NOT NULL AND t.sys_recorded_at IS NOT NULL CROSS JOIN main.organisation AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE 1 = 1;
-- service_desk sees message
SELECT shown.id, shown.residency, shown.person, shown.sent_at, shown.channel, shown.subject, shown.template, shown.status, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.message AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.residency AS t1 ON t.residency = t1.id LEFT OUTER JOIN main.person AS t2 ON t.person = t2.id LEFT OUTER JOIN main.person AS t3 ON t1.person = t3.id CROSS JOIN main.message AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE coalesce(t.sent_at, t.sys_recorded_at) >= c.cut_9 AND coalesce(t2.sys_restricted, 0) = 0 AND (t.person IS NOT NULL OR coalesce(t3.sys_restricted, 0) = 0) AND (t1.id IS NOT NULL AND (t1.moved_out IS NULL OR t1.moved_out >= c.cut_8) AND ((t2.sys_use_0 & 128) != 0 OR t.person IS NULL AND (t3.sys_use_0 & 128) != 0) OR t.residency IS NULL AND ((t2.sys_use_0 & 128) != 0 AND t2.sys_until_resident_information >= c.today OR t.person IS NULL AND (t3.sys_use_0 & 128) != 0 AND t3.sys_until_resident_information >= c.today));
-- service_desk sees account
SELECT shown.id, shown.person, shown.username, shown.created_on, shown.last_login, shown.closed_on, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.account AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.person AS t1 ON t.person = t1.id CROSS JOIN main.account AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE t.sys_until_service_use >= c.today AND (t1.sys_use_0 & 4) != 0;
-- service_desk sees usage_event
SELECT shown.id, shown.account, shown.at, shown.service, shown.action, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.usage_event AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.account AS t1 ON t.account = t1.id LEFT OUTER JOIN main.person AS t2 ON t1.person = t2.id CROSS JOIN main.usage_event AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE coalesce(t.at, t.sys_recorded_at) >= c.cut_4 AND t1.sys_until_service_use >= c.today AND (t2.sys_use_0 & 4) != 0;
-- service_desk sees apartment
SELECT shown.id, shown.housing_company, shown.code, shown.address, shown.floor, shown.rooms, shown.area, shown.shares, shown.charge_basis, shown.reference_number, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.apartment AS t ON c.today IS NOT NULL AND t.sys_recorded_at IS NOT NULL CROSS JOIN main.apartment AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE 1 = 1;
-- service_desk sees residency
SELECT shown.id, shown.person, CASE WHEN (t1.non_disclosure IS NULL) THEN shown.apartment END AS apartment, shown.moved_in, shown.moved_out, CASE WHEN (t1.non_disclosure IS NOT NULL) THEN 1 + CASE WHEN (shown.apartment IS NOT NULL) THEN 2 ELSE 0 END END AS sys_guarded, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.residency AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.person AS t1 ON t.person = t1.id CROSS JOIN main.residency AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE t.id IS NOT NULL AND (t1.sys_use_0 & 128) != 0 AND (t.moved_out IS NULL OR t.moved_out >= c.cut_8) OR (t1.sys_use_0 & 2) != 0 AND (t.id IS NOT NULL AND (t1.sys_need_0 & 1) != 0 AND (t.moved_out IS NULL OR t.moved_out >= c.cut_1) OR t.id IS NOT NULL AND (t1.sys_need_0 & 128) != 0 AND (t.moved_out IS NULL OR t.moved_out >= c.cut_8));
-- service_desk sees shareholding
SELECT shown.id, shown.person, CASE WHEN (t1.non_disclosure IS NULL) THEN shown.apartment END AS apartment, shown.shares, shown.portion, shown.began, shown.ended, CASE WHEN (t1.non_disclosure IS NOT NULL) THEN 1 + CASE WHEN (shown.apartment IS NOT NULL) THEN 2 ELSE 0 END END AS sys_guarded, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.shareholding AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.person AS t1 ON t.person = t1.id CROSS JOIN main.shareholding AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE t.id IS NOT NULL AND (t1.sys_need_0 & 1) != 0 AND (t1.sys_use_0 & 2) != 0 AND (t.ended IS NULL OR t.ended >= c.cut_2);
-- service_desk sees maintenance_order
SELECT shown.id, CASE WHEN (t1.non_disclosure IS NULL) THEN shown.apartment END AS apartment, CASE WHEN (t1.non_disclosure IS NULL) THEN shown.housing_company END AS housing_company, shown.person, shown.number, shown.reported_at, shown.subject, shown.description, shown.may_enter, shown.contractor, shown.ordered_on, shown.done_on, CASE WHEN (t1.non_disclosure IS NOT NULL) THEN 1 + CASE WHEN (shown.apartment IS NOT NULL) THEN 2 ELSE 0 END + CASE WHEN (shown.housing_company IS NOT NULL) THEN 4 ELSE 0 END END AS sys_guarded, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.maintenance_order AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.person AS t1 ON t.person = t1.id CROSS JOIN main.maintenance_order AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE coalesce(t.reported_at, t.sys_recorded_at) >= c.cut_10 AND ((t1.sys_use_0 & 256) != 0 OR t1.id IS NULL);
-- accountant sees person
SELECT shown.id, shown.first_name, shown.last_name, CASE WHEN ((t.sys_until_arrears >= c.today AND (t.sys_use_0 & 32) != 0 OR t.sys_until_debt_collection >= c.today AND (t.sys_use_0 & 64) != 0) AND t.non_disclosure IS NULL) THEN shown.phone END AS phone, CASE WHEN ((t.sys_until_arrears >= c.today AND (t.sys_use_0 & 32) != 0 OR t.sys_until_debt_collection >= c.today AND (t.sys_use_0 & 64) != 0) AND t.non_disclosure IS NULL) THEN shown.email END AS email, CASE WHEN (t.sys_until_debt_collection >= c.today AND (t.sys_use_0 & 64) != 0) THEN shown.personal_identity_code END AS personal_identity_code, CASE WHEN (t.non_disclosure IS NOT NULL) THEN 1 + CASE WHEN ((t.sys_until_arrears >= c.today AND (t.sys_use_0 & 32) != 0 OR t.sys_until_debt_collection >= c.today AND (t.sys_use_0 & 64) != 0) AND shown.phone IS NOT NULL) THEN 2 ELSE 0 END + CASE WHEN ((t.sys_until_arrears >= c.today AND (t.sys_use_0 & 32) != 0 OR t.sys_until_debt_collection >= c.today AND (t.sys_use_0 & 64) != 0) AND shown.email IS NOT NULL) THEN 4 ELSE 0 END END AS sys_guarded, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.person AS t ON c.today IS NOT NULL CROSS JOIN main.person AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE t.sys_until_charges >= c.today AND (t.sys_use_0 & 8) != 0 OR t.sys_until_arrears >= c.today AND (t.sys_use_0 & 32) != 0 OR t.sys_until_debt_collection >= c.today AND (t.sys_use_0 & 64) != 0;
-- accountant sees organisation
SELECT shown.id, shown.name, shown.business_id, shown.form, shown.phone, shown.email, shown.street, shown.postal_code, shown.city, shown.country, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.organisation AS t ON c.today IS NOT NULL AND t.sys_recorded_at IS NOT NULL CROSS JOIN main.organisation AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE 1 = 1;
-- accountant sees payment
SELECT shown.id, shown.charge, shown.paid_on, shown.amount, shown.reference_number, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.payment AS t ON c.today IS NOT NULL AND t.sys_recorded_at IS NOT NULL LEFT OUTER JOIN main.charge AS t1 ON t.charge = t1.id LEFT OUTER JOIN main.person AS t2 ON t1.person = t2.id CROSS JOIN main.payment AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE ((t2.sys_use_0 & 16) != 0 OR t2.id IS NULL) AND (t1.due_on >= c.cut_6 OR t1.due_on IS NULL AND t1.sys_recorded_at >= c.cut_6_at) OR t1.sys_until_arrears >= c.today AND ((t2.sys_use_0 & 32) != 0 OR t2.id IS NULL);
-- accountant sees reminder
SELECT shown.id, shown.charge, shown.sent_on, shown.fee, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.reminder AS t ON c.today IS NOT NULL AND t.sys_recorded_at IS NOT NULL LEFT OUTER JOIN main.charge AS t1 ON t.charge = t1.id LEFT OUTER JOIN main.person AS t2 ON t1.person = t2.id CROSS JOIN main.reminder AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE t1.sys_until_arrears >= c.today AND ((t2.sys_use_0 & 32) != 0 OR t2.id IS NULL);
-- accountant sees collection
SELECT shown.id, CASE WHEN (t.sys_until_debt_collection >= c.today AND ((t2.sys_use_0 & 64) != 0 OR t2.id IS NULL)) THEN shown.charge END AS charge, CASE WHEN (t.sys_until_debt_collection >= c.today AND ((t2.sys_use_0 & 64) != 0 OR t2.id IS NULL)) THEN shown.opened_on END AS opened_on, CASE WHEN (t.sys_until_debt_collection >= c.today AND (t3.sys_use_0 & 64) != 0) THEN shown.debtor END AS debtor, CASE WHEN (t.sys_until_debt_collection >= c.today AND ((t2.sys_use_0 & 64) != 0 OR t2.id IS NULL)) THEN shown.agency END AS agency, CASE WHEN (t.sys_until_debt_collection >= c.today AND ((t2.sys_use_0 & 64) != 0 OR t2.id IS NULL)) THEN shown.judgment_on END AS judgment_on, CASE WHEN (t.sys_until_debt_collection >= c.today AND ((t2.sys_use_0 & 64) != 0 OR t2.id IS NULL)) THEN shown.closed_on END AS closed_on, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.collection AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.charge AS t1 ON t.charge = t1.id AND t1.sys_recorded_at IS NOT NULL LEFT OUTER JOIN main.person AS t2 ON t1.person = t2.id LEFT OUTER JOIN main.person AS t3 ON t.debtor = t3.id CROSS JOIN main.collection AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE t.sys_until_debt_collection >= c.today AND ((t2.sys_use_0 & 64) != 0 OR t2.id IS NULL) OR t.sys_until_debt_collection >= c.today AND (t3.sys_use_0 & 64) != 0;
-- accountant sees ledger_entry
SELECT shown.id, shown.charge, shown.number, shown.dated, shown.text, shown.amount, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.ledger_entry AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.charge AS t1 ON t.charge = t1.id AND t1.sys_recorded_at IS NOT NULL LEFT OUTER JOIN main.person AS t2 ON t1.person = t2.id CROSS JOIN main.ledger_entry AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE ((t2.sys_use_0 & 16) != 0 OR t2.id IS NULL) AND (t.dated >= c.cut_7 OR t.dated IS NULL AND t.sys_recorded_at >= c.cut_7_at);
-- accountant sees apartment
SELECT shown.id, shown.housing_company, shown.code, shown.address, shown.floor, shown.rooms, shown.area, shown.shares, shown.charge_basis, shown.reference_number, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.apartment AS t ON c.today IS NOT NULL AND t.sys_recorded_at IS NOT NULL CROSS JOIN main.apartment AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE 1 = 1;
-- accountant sees charge
SELECT shown.id, CASE WHEN (t1.non_disclosure IS NULL) THEN shown.apartment END AS apartment, shown.person, shown.sort, shown.period, shown.amount, shown.due_on, shown.paid_on, shown.reference_number, CASE WHEN (t1.non_disclosure IS NOT NULL) THEN 1 + CASE WHEN (shown.apartment IS NOT NULL) THEN 2 ELSE 0 END END AS sys_guarded, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.charge AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.person AS t1 ON t.person = t1.id CROSS JOIN main.charge AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE ((t1.sys_use_0 & 8) != 0 OR t1.id IS NULL) AND (t.due_on >= c.cut_5 OR t.due_on IS NULL AND t.sys_recorded_at >= c.cut_5_at) OR ((t1.sys_use_0 & 16) != 0 OR t1.id IS NULL) AND (t.due_on >= c.cut_6 OR t.due_on IS NULL AND t.sys_recorded_at >= c.cut_6_at) OR t.sys_until_arrears >= c.today AND ((t1.sys_use_0 & 32) != 0 OR t1.id IS NULL) OR t.sys_until_debt_collection >= c.today AND ((t1.sys_use_0 & 64) != 0 OR t1.id IS NULL);
-- accountant sees debtor
SELECT shown.id, shown.charge, shown.person, shown.liable_as, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.debtor AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.charge AS t1 ON t.charge = t1.id LEFT OUTER JOIN main.person AS t2 ON t.person = t2.id CROSS JOIN main.debtor AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE (t2.sys_use_0 & 8) != 0 AND (t1.due_on >= c.cut_5 OR t1.due_on IS NULL AND t1.sys_recorded_at >= c.cut_5_at) OR t.charge IS NULL AND (t2.sys_use_0 & 8) != 0 AND t2.sys_until_charges >= c.today OR t1.sys_until_arrears >= c.today AND (t2.sys_use_0 & 32) != 0 OR t.charge IS NULL AND (t2.sys_use_0 & 32) != 0 AND t2.sys_until_arrears >= c.today;
