-- create sys_touched
CREATE TABLE sys_touched (
	kind TEXT NOT NULL, 
	row BIGINT NOT NULL, 
	PRIMARY KEY (kind, row)
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
	id BIGSERIAL NOT NULL, 
	first_name TEXT, 
	last_name TEXT, 
	phone TEXT, 
	email TEXT, 
	personal_identity_code BYTEA, 
	sys_key_personal_identity_code TEXT, 
	non_disclosure BYTEA, 
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
	sys_restricted BIGINT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_person_sys_key_personal_identity_code" ON "person" ("sys_key_personal_identity_code");
-- create organisation
CREATE TABLE organisation (
	id BIGSERIAL NOT NULL, 
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
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
-- create message
CREATE TABLE message (
	id BIGSERIAL NOT NULL, 
	residency BIGINT, 
	person BIGINT, 
	sent_at TEXT, 
	channel TEXT, 
	subject TEXT, 
	template TEXT, 
	status TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_message_residency" ON "message" ("residency");
CREATE INDEX "sys_ix_message_person" ON "message" ("person");
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
-- create complaint
CREATE TABLE complaint (
	id BIGSERIAL NOT NULL, 
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
	sys_until_complaints TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_complaint_person" ON "complaint" ("person");
CREATE INDEX "sys_ix_complaint_maintenance_order" ON "complaint" ("maintenance_order");
-- create payment
CREATE TABLE payment (
	id BIGSERIAL NOT NULL, 
	charge BIGINT, 
	paid_on TEXT, 
	amount BIGINT, 
	reference_number TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_payment_charge" ON "payment" ("charge");
-- create reminder
CREATE TABLE reminder (
	id BIGSERIAL NOT NULL, 
	charge BIGINT, 
	sent_on TEXT, 
	fee BIGINT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_reminder_charge" ON "reminder" ("charge");
-- create collection
CREATE TABLE collection (
	id BIGSERIAL NOT NULL, 
	charge BIGINT, 
	opened_on TEXT, 
	debtor BIGINT, 
	agency BIGINT, 
	judgment_on TEXT, 
	closed_on TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	sys_until_debt_collection TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_collection_charge" ON "collection" ("charge");
CREATE INDEX "sys_ix_collection_debtor" ON "collection" ("debtor");
CREATE INDEX "sys_ix_collection_agency" ON "collection" ("agency");
-- create ledger_entry
CREATE TABLE ledger_entry (
	id BIGSERIAL NOT NULL, 
	charge BIGINT, 
	number TEXT, 
	dated TEXT, 
	text TEXT, 
	amount BIGINT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_ledger_entry_charge" ON "ledger_entry" ("charge");
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
-- create housing_company
CREATE TABLE housing_company (
	id BIGSERIAL NOT NULL, 
	name TEXT, 
	business_id TEXT, 
	street TEXT, 
	postal_code TEXT, 
	city TEXT, 
	bank_account TEXT, 
	managed_from TEXT, 
	managed_until TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
-- create apartment
CREATE TABLE apartment (
	id BIGSERIAL NOT NULL, 
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
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_apartment_housing_company" ON "apartment" ("housing_company");
-- create residency
CREATE TABLE residency (
	id BIGSERIAL NOT NULL, 
	person BIGINT, 
	apartment BIGINT, 
	moved_in TEXT, 
	moved_out TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_residency_person" ON "residency" ("person");
CREATE INDEX "sys_ix_residency_apartment" ON "residency" ("apartment");
-- create shareholding
CREATE TABLE shareholding (
	id BIGSERIAL NOT NULL, 
	person BIGINT, 
	apartment BIGINT, 
	shares TEXT, 
	portion TEXT, 
	began TEXT, 
	ended TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_shareholding_person" ON "shareholding" ("person");
CREATE INDEX "sys_ix_shareholding_apartment" ON "shareholding" ("apartment");
-- create office
CREATE TABLE office (
	id BIGSERIAL NOT NULL, 
	person BIGINT, 
	housing_company BIGINT, 
	role TEXT, 
	began TEXT, 
	ended TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_office_person" ON "office" ("person");
CREATE INDEX "sys_ix_office_housing_company" ON "office" ("housing_company");
-- create charge
CREATE TABLE charge (
	id BIGSERIAL NOT NULL, 
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
	sys_until_debt_collection TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_charge_apartment" ON "charge" ("apartment");
CREATE INDEX "sys_ix_charge_person" ON "charge" ("person");
-- create debtor
CREATE TABLE debtor (
	id BIGSERIAL NOT NULL, 
	charge BIGINT, 
	person BIGINT, 
	liable_as TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_debtor_charge" ON "debtor" ("charge");
CREATE INDEX "sys_ix_debtor_person" ON "debtor" ("person");
-- create maintenance_order
CREATE TABLE maintenance_order (
	id BIGSERIAL NOT NULL, 
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
	sys_until_complaints TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_maintenance_order_apartment" ON "maintenance_order" ("apartment");
CREATE INDEX "sys_ix_maintenance_order_housing_company" ON "maintenance_order" ("housing_company");
CREATE INDEX "sys_ix_maintenance_order_person" ON "maintenance_order" ("person");
CREATE INDEX "sys_ix_maintenance_order_contractor" ON "maintenance_order" ("contractor");
-- create paper_record
CREATE TABLE paper_record (
	id BIGSERIAL NOT NULL, 
	person BIGINT, 
	housing_company BIGINT, 
	organisation BIGINT, 
	title TEXT, 
	place TEXT, 
	dated TEXT, 
	destroyed_on TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_paper_record_person" ON "paper_record" ("person");
CREATE INDEX "sys_ix_paper_record_housing_company" ON "paper_record" ("housing_company");
CREATE INDEX "sys_ix_paper_record_organisation" ON "paper_record" ("organisation");
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
-- index organisation
CREATE INDEX "sys_by_organisation" ON "organisation" (substring(seloste_order("name") from 1 for 200), id) WHERE "name" IS NOT NULL;
-- index message
CREATE INDEX "sys_by_message" ON "message" ("sent_at", id) WHERE "sent_at" IS NOT NULL;
-- index feedback
CREATE INDEX "sys_by_feedback" ON "feedback" ("given_at", id) WHERE "given_at" IS NOT NULL;
-- index complaint
CREATE INDEX "sys_by_complaint" ON "complaint" ("received_on", id) WHERE "received_on" IS NOT NULL;
-- index complaint.answer_by
CREATE INDEX "sys_due_complaint" ON "complaint" ("answer_by", id) WHERE "answer_by" IS NOT NULL AND "resolved_on" IS NULL;
-- index payment
CREATE INDEX "sys_by_payment" ON "payment" ("paid_on", id) WHERE "paid_on" IS NOT NULL;
-- index reminder
CREATE INDEX "sys_by_reminder" ON "reminder" ("sent_on", id) WHERE "sent_on" IS NOT NULL;
-- index collection
CREATE INDEX "sys_by_collection" ON "collection" ("opened_on", id) WHERE "opened_on" IS NOT NULL;
-- index ledger_entry
CREATE INDEX "sys_by_ledger_entry" ON "ledger_entry" ("dated", id) WHERE "dated" IS NOT NULL;
-- index account
CREATE INDEX "sys_by_account" ON "account" ("created_on", id) WHERE "created_on" IS NOT NULL;
-- index usage_event
CREATE INDEX "sys_by_usage_event" ON "usage_event" ("at", id) WHERE "at" IS NOT NULL;
-- index housing_company
CREATE INDEX "sys_by_housing_company" ON "housing_company" ("managed_from", id) WHERE "managed_from" IS NOT NULL;
-- index apartment
CREATE INDEX "sys_by_apartment" ON "apartment" (substring(seloste_order("code") from 1 for 200), id) WHERE "code" IS NOT NULL;
-- index residency
CREATE INDEX "sys_by_residency" ON "residency" ("moved_in", id) WHERE "moved_in" IS NOT NULL;
-- index shareholding
CREATE INDEX "sys_by_shareholding" ON "shareholding" ("began", id) WHERE "began" IS NOT NULL;
-- index office
CREATE INDEX "sys_by_office" ON "office" ("began", id) WHERE "began" IS NOT NULL;
-- index charge
CREATE INDEX "sys_by_charge" ON "charge" ("due_on", id) WHERE "due_on" IS NOT NULL;
-- index charge.due_on
CREATE INDEX "sys_due_charge" ON "charge" ("due_on", id) WHERE "due_on" IS NOT NULL AND "paid_on" IS NULL;
-- index maintenance_order
CREATE INDEX "sys_by_maintenance_order" ON "maintenance_order" ("reported_at", id) WHERE "reported_at" IS NOT NULL;
-- index paper_record
CREATE INDEX "sys_by_paper_record" ON "paper_record" ("dated", id) WHERE "dated" IS NOT NULL;
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
-- lens property_manager
-- lens service_desk
-- lens accountant
-- property_manager sees person
SELECT t.id, t.first_name, t.last_name, CASE WHEN ((t.sys_until_property_management >= c.today AND (t.sys_use_0 & 1) != 0 OR t.sys_until_resident_information >= c.today AND (t.sys_use_0 & 128) != 0 OR t.sys_until_maintenance >= c.today AND (t.sys_use_0 & 256) != 0 OR t.sys_until_complaints >= c.today AND (t.sys_use_0 & 1024) != 0 OR (t.sys_use_0 & 2) != 0 AND (t.sys_until_property_management >= c.today AND (t.sys_need_0 & 1) != 0 OR t.sys_until_arrears >= c.today OR t.sys_until_debt_collection >= c.today OR t.sys_until_resident_information >= c.today AND (t.sys_need_0 & 128) != 0 OR t.sys_until_maintenance >= c.today AND (t.sys_need_0 & 256) != 0 OR t.sys_until_complaints >= c.today)) AND t.non_disclosure IS NULL) THEN t.phone END AS phone, CASE WHEN ((t.sys_until_property_management >= c.today AND (t.sys_use_0 & 1) != 0 OR t.sys_until_resident_information >= c.today AND (t.sys_use_0 & 128) != 0 OR t.sys_until_feedback >= c.today AND (t.sys_use_0 & 512) != 0 OR t.sys_until_complaints >= c.today AND (t.sys_use_0 & 1024) != 0 OR (t.sys_use_0 & 2) != 0 AND (t.sys_until_property_management >= c.today AND (t.sys_need_0 & 1) != 0 OR t.sys_until_service_use >= c.today OR t.sys_until_arrears >= c.today OR t.sys_until_debt_collection >= c.today OR t.sys_until_resident_information >= c.today AND (t.sys_need_0 & 128) != 0 OR t.sys_until_feedback >= c.today AND (t.sys_need_0 & 512) != 0 OR t.sys_until_complaints >= c.today)) AND t.non_disclosure IS NULL) THEN t.email END AS email, CASE WHEN (t.sys_until_property_management >= c.today AND (t.sys_use_0 & 1) != 0) THEN t.non_disclosure END AS non_disclosure, CASE WHEN (t.non_disclosure IS NOT NULL) THEN 1 + CASE WHEN ((t.sys_until_property_management >= c.today AND (t.sys_use_0 & 1) != 0 OR t.sys_until_resident_information >= c.today AND (t.sys_use_0 & 128) != 0 OR t.sys_until_maintenance >= c.today AND (t.sys_use_0 & 256) != 0 OR t.sys_until_complaints >= c.today AND (t.sys_use_0 & 1024) != 0 OR (t.sys_use_0 & 2) != 0 AND (t.sys_until_property_management >= c.today AND (t.sys_need_0 & 1) != 0 OR t.sys_until_arrears >= c.today OR t.sys_until_debt_collection >= c.today OR t.sys_until_resident_information >= c.today AND (t.sys_need_0 & 128) != 0 OR t.sys_until_maintenance >= c.today AND (t.sys_need_0 & 256) != 0 OR t.sys_until_complaints >= c.today)) AND t.phone IS NOT NULL) THEN 2 ELSE 0 END + CASE WHEN ((t.sys_until_property_management >= c.today AND (t.sys_use_0 & 1) != 0 OR t.sys_until_resident_information >= c.today AND (t.sys_use_0 & 128) != 0 OR t.sys_until_feedback >= c.today AND (t.sys_use_0 & 512) != 0 OR t.sys_until_complaints >= c.today AND (t.sys_use_0 & 1024) != 0 OR (t.sys_use_0 & 2) != 0 AND (t.sys_until_property_management >= c.today AND (t.sys_need_0 & 1) != 0 OR t.sys_until_service_use >= c.today OR t.sys_until_arrears >= c.today OR t.sys_until_debt_collection >= c.today OR t.sys_until_resident_information >= c.today AND (t.sys_need_0 & 128) != 0 OR t.sys_until_feedback >= c.today AND (t.sys_need_0 & 512) != 0 OR t.sys_until_complaints >= c.today)) AND t.email IS NOT NULL) THEN 4 ELSE 0 END END AS sys_guarded, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN person AS t ON true 
WHERE t.sys_until_property_management >= c.today AND (t.sys_use_0 & 1) != 0 OR t.sys_until_resident_information >= c.today AND (t.sys_use_0 & 128) != 0 OR t.sys_until_maintenance >= c.today AND (t.sys_use_0 & 256) != 0 OR t.sys_until_feedback >= c.today AND (t.sys_use_0 & 512) != 0 OR t.sys_until_complaints >= c.today AND (t.sys_use_0 & 1024) != 0 OR t.sys_until_paper >= c.today AND (t.sys_use_0 & 2048) != 0 OR (t.sys_use_0 & 2) != 0 AND (t.sys_until_property_management >= c.today AND (t.sys_need_0 & 1) != 0 OR t.sys_until_service_use >= c.today OR t.sys_until_charges >= c.today AND (t.sys_need_0 & 8) != 0 OR t.sys_until_arrears >= c.today OR t.sys_until_debt_collection >= c.today OR t.sys_until_resident_information >= c.today AND (t.sys_need_0 & 128) != 0 OR t.sys_until_maintenance >= c.today AND (t.sys_need_0 & 256) != 0 OR t.sys_until_feedback >= c.today AND (t.sys_need_0 & 512) != 0 OR t.sys_until_complaints >= c.today OR t.sys_until_paper >= c.today AND (t.sys_need_0 & 2048) != 0);
-- property_manager sees organisation
SELECT t.id, t.name, t.business_id, t.form, t.phone, t.email, t.street, t.postal_code, t.city, t.country, t.sys_source, t.sys_recorded_at 
FROM organisation AS t 
WHERE true;
-- property_manager sees message
SELECT t.id, t.residency, t.person, t.sent_at, t.channel, t.subject, t.template, t.status, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN message AS t ON true LEFT OUTER JOIN residency AS t1 ON t.residency = t1.id LEFT OUTER JOIN person AS t2 ON t.person = t2.id LEFT OUTER JOIN person AS t3 ON t1.person = t3.id 
WHERE coalesce(t.sent_at, t.sys_recorded_at) >= c.cut_9 AND coalesce(t2.sys_restricted, 0) = 0 AND (t.person IS NOT NULL OR coalesce(t3.sys_restricted, 0) = 0) AND (t1.id IS NOT NULL AND (t1.moved_out IS NULL OR t1.moved_out >= c.cut_8) AND ((t2.sys_use_0 & 128) != 0 OR t.person IS NULL AND (t3.sys_use_0 & 128) != 0) OR t.residency IS NULL AND ((t2.sys_use_0 & 128) != 0 AND t2.sys_until_resident_information >= c.today OR t.person IS NULL AND (t3.sys_use_0 & 128) != 0 AND t3.sys_until_resident_information >= c.today));
-- property_manager sees feedback
SELECT t.id, t.person, t.given_at, t.text, t.score, t.handled_on, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN feedback AS t ON true LEFT OUTER JOIN person AS t1 ON t.person = t1.id 
WHERE coalesce(t.given_at, t.sys_recorded_at) >= c.cut_11 AND (t1.sys_use_0 & 512) != 0;
-- property_manager sees complaint
SELECT t.id, t.person, t.number, t.received_on, t.subject, t.text, t.answer_by, t.outcome, t.resolved_on, t.maintenance_order, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN complaint AS t ON true LEFT OUTER JOIN person AS t1 ON t.person = t1.id 
WHERE t.sys_until_complaints >= c.today AND (t1.sys_use_0 & 1024) != 0;
-- property_manager sees housing_company
SELECT t.id, t.name, t.business_id, t.street, t.postal_code, t.city, t.bank_account, t.managed_from, t.managed_until, t.sys_source, t.sys_recorded_at 
FROM housing_company AS t 
WHERE true;
-- property_manager sees apartment
SELECT t.id, t.housing_company, t.code, t.address, t.floor, t.rooms, t.area, t.shares, t.charge_basis, t.reference_number, t.sys_source, t.sys_recorded_at 
FROM apartment AS t 
WHERE true;
-- property_manager sees residency
SELECT t.id, t.person, t.apartment, t.moved_in, t.moved_out, CASE WHEN (t1.non_disclosure IS NOT NULL) THEN 1 END AS sys_guarded, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN residency AS t ON true LEFT OUTER JOIN person AS t1 ON t.person = t1.id 
WHERE t.id IS NOT NULL AND (t1.sys_use_0 & 1) != 0 AND (t.moved_out IS NULL OR t.moved_out >= c.cut_1) OR t.id IS NOT NULL AND (t1.sys_use_0 & 128) != 0 AND (t.moved_out IS NULL OR t.moved_out >= c.cut_8) OR (t1.sys_use_0 & 2) != 0 AND (t.id IS NOT NULL AND (t1.sys_need_0 & 1) != 0 AND (t.moved_out IS NULL OR t.moved_out >= c.cut_1) OR t.id IS NOT NULL AND (t1.sys_need_0 & 128) != 0 AND (t.moved_out IS NULL OR t.moved_out >= c.cut_8));
-- property_manager sees shareholding
SELECT t.id, t.person, t.apartment, t.shares, t.portion, t.began, t.ended, CASE WHEN (t1.non_disclosure IS NOT NULL) THEN 1 END AS sys_guarded, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN shareholding AS t ON true LEFT OUTER JOIN person AS t1 ON t.person = t1.id 
WHERE t.id IS NOT NULL AND (t1.sys_use_0 & 1) != 0 AND (t.ended IS NULL OR t.ended >= c.cut_2) OR t.id IS NOT NULL AND (t1.sys_need_0 & 1) != 0 AND (t1.sys_use_0 & 2) != 0 AND (t.ended IS NULL OR t.ended >= c.cut_2);
-- property_manager sees office
SELECT t.id, t.person, t.housing_company, t.role, t.began, t.ended, CASE WHEN (t1.non_disclosure IS NOT NULL) THEN 1 END AS sys_guarded, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN office AS t ON true LEFT OUTER JOIN person AS t1 ON t.person = t1.id 
WHERE t.id IS NOT NULL AND (t1.sys_use_0 & 1) != 0 AND (t.ended IS NULL OR t.ended >= c.cut_3);
-- property_manager sees maintenance_order
SELECT t.id, t.apartment, t.housing_company, t.person, t.number, t.reported_at, t.subject, t.description, t.may_enter, t.contractor, t.ordered_on, t.done_on, CASE WHEN (t1.non_disclosure IS NOT NULL) THEN 1 END AS sys_guarded, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN maintenance_order AS t ON true LEFT OUTER JOIN person AS t1 ON t.person = t1.id 
WHERE coalesce(t.reported_at, t.sys_recorded_at) >= c.cut_10 AND ((t1.sys_use_0 & 256) != 0 OR t1.id IS NULL) OR t.sys_until_complaints >= c.today AND ((t1.sys_use_0 & 1024) != 0 OR t1.id IS NULL);
-- property_manager sees paper_record
SELECT t.id, t.person, t.housing_company, t.organisation, t.title, t.place, t.dated, t.destroyed_on, CASE WHEN (t1.non_disclosure IS NOT NULL) THEN 1 END AS sys_guarded, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN paper_record AS t ON true LEFT OUTER JOIN person AS t1 ON t.person = t1.id 
WHERE ((t1.sys_use_0 & 2048) != 0 OR t1.id IS NULL) AND (t.dated >= c.cut_12 OR t.dated IS NULL AND t.sys_recorded_at >= c.cut_12_at);
-- service_desk sees person
SELECT t.id, t.first_name, t.last_name, CASE WHEN ((t.sys_until_resident_information >= c.today AND (t.sys_use_0 & 128) != 0 OR t.sys_until_maintenance >= c.today AND (t.sys_use_0 & 256) != 0 OR (t.sys_use_0 & 2) != 0 AND (t.sys_until_property_management >= c.today AND (t.sys_need_0 & 1) != 0 OR t.sys_until_arrears >= c.today OR t.sys_until_debt_collection >= c.today OR t.sys_until_resident_information >= c.today AND (t.sys_need_0 & 128) != 0 OR t.sys_until_maintenance >= c.today AND (t.sys_need_0 & 256) != 0 OR t.sys_until_complaints >= c.today)) AND t.non_disclosure IS NULL) THEN t.phone END AS phone, CASE WHEN ((t.sys_until_service_use >= c.today AND (t.sys_use_0 & 4) != 0 OR t.sys_until_resident_information >= c.today AND (t.sys_use_0 & 128) != 0 OR (t.sys_use_0 & 2) != 0 AND (t.sys_until_property_management >= c.today AND (t.sys_need_0 & 1) != 0 OR t.sys_until_service_use >= c.today OR t.sys_until_arrears >= c.today OR t.sys_until_debt_collection >= c.today OR t.sys_until_resident_information >= c.today AND (t.sys_need_0 & 128) != 0 OR t.sys_until_feedback >= c.today AND (t.sys_need_0 & 512) != 0 OR t.sys_until_complaints >= c.today)) AND t.non_disclosure IS NULL) THEN t.email END AS email, CASE WHEN (t.non_disclosure IS NOT NULL) THEN 1 + CASE WHEN ((t.sys_until_resident_information >= c.today AND (t.sys_use_0 & 128) != 0 OR t.sys_until_maintenance >= c.today AND (t.sys_use_0 & 256) != 0 OR (t.sys_use_0 & 2) != 0 AND (t.sys_until_property_management >= c.today AND (t.sys_need_0 & 1) != 0 OR t.sys_until_arrears >= c.today OR t.sys_until_debt_collection >= c.today OR t.sys_until_resident_information >= c.today AND (t.sys_need_0 & 128) != 0 OR t.sys_until_maintenance >= c.today AND (t.sys_need_0 & 256) != 0 OR t.sys_until_complaints >= c.today)) AND t.phone IS NOT NULL) THEN 2 ELSE 0 END + CASE WHEN ((t.sys_until_service_use >= c.today AND (t.sys_use_0 & 4) != 0 OR t.sys_until_resident_information >= c.today AND (t.sys_use_0 & 128) != 0 OR (t.sys_use_0 & 2) != 0 AND (t.sys_until_property_management >= c.today AND (t.sys_need_0 & 1) != 0 OR t.sys_until_service_use >= c.today OR t.sys_until_arrears >= c.today OR t.sys_until_debt_collection >= c.today OR t.sys_until_resident_information >= c.today AND (t.sys_need_0 & 128) != 0 OR t.sys_until_feedback >= c.today AND (t.sys_need_0 & 512) != 0 OR t.sys_until_complaints >= c.today)) AND t.email IS NOT NULL) THEN 4 ELSE 0 END END AS sys_guarded, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN person AS t ON true 
WHERE t.sys_until_service_use >= c.today AND (t.sys_use_0 & 4) != 0 OR t.sys_until_resident_information >= c.today AND (t.sys_use_0 & 128) != 0 OR t.sys_until_maintenance >= c.today AND (t.sys_use_0 & 256) != 0 OR (t.sys_use_0 & 2) != 0 AND (t.sys_until_property_management >= c.today AND (t.sys_need_0 & 1) != 0 OR t.sys_until_service_use >= c.today OR t.sys_until_charges >= c.today AND (t.sys_need_0 & 8) != 0 OR t.sys_until_arrears >= c.today OR t.sys_until_debt_collection >= c.today OR t.sys_until_resident_information >= c.today AND (t.sys_need_0 & 128) != 0 OR t.sys_until_maintenance >= c.today AND (t.sys_need_0 & 256) != 0 OR t.sys_until_feedback >= c.today AND (t.sys_need_0 & 512) != 0 OR t.sys_until_complaints >= c.today OR t.sys_until_paper >= c.today AND (t.sys_need_0 & 2048) != 0);
-- service_desk sees organisation
SELECT t.id, t.name, t.business_id, t.form, t.phone, t.email, t.street, t.postal_code, t.city, t.country, t.sys_source, t.sys_recorded_at 
FROM organisation AS t 
WHERE true;
-- service_desk sees message
SELECT t.id, t.residency, t.person, t.sent_at, t.channel, t.subject, t.template, t.status, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN message AS t ON true LEFT OUTER JOIN residency AS t1 ON t.residency = t1.id LEFT OUTER JOIN person AS t2 ON t.person = t2.id LEFT OUTER JOIN person AS t3 ON t1.person = t3.id 
WHERE coalesce(t.sent_at, t.sys_recorded_at) >= c.cut_9 AND coalesce(t2.sys_restricted, 0) = 0 AND (t.person IS NOT NULL OR coalesce(t3.sys_restricted, 0) = 0) AND (t1.id IS NOT NULL AND (t1.moved_out IS NULL OR t1.moved_out >= c.cut_8) AND ((t2.sys_use_0 & 128) != 0 OR t.person IS NULL AND (t3.sys_use_0 & 128) != 0) OR t.residency IS NULL AND ((t2.sys_use_0 & 128) != 0 AND t2.sys_until_resident_information >= c.today OR t.person IS NULL AND (t3.sys_use_0 & 128) != 0 AND t3.sys_until_resident_information >= c.today));
-- service_desk sees account
SELECT t.id, t.person, t.username, t.created_on, t.last_login, t.closed_on, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN account AS t ON true LEFT OUTER JOIN person AS t1 ON t.person = t1.id 
WHERE t.sys_until_service_use >= c.today AND (t1.sys_use_0 & 4) != 0;
-- service_desk sees usage_event
SELECT t.id, t.account, t.at, t.service, t.action, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN usage_event AS t ON true LEFT OUTER JOIN account AS t1 ON t.account = t1.id LEFT OUTER JOIN person AS t2 ON t1.person = t2.id 
WHERE coalesce(t.at, t.sys_recorded_at) >= c.cut_4 AND t1.sys_until_service_use >= c.today AND (t2.sys_use_0 & 4) != 0;
-- service_desk sees apartment
SELECT t.id, t.housing_company, t.code, t.address, t.floor, t.rooms, t.area, t.shares, t.charge_basis, t.reference_number, t.sys_source, t.sys_recorded_at 
FROM apartment AS t 
WHERE true;
-- service_desk sees residency
SELECT t.id, t.person, CASE WHEN (t1.non_disclosure IS NULL) THEN t.apartment END AS apartment, t.moved_in, t.moved_out, CASE WHEN (t1.non_disclosure IS NOT NULL) THEN 1 + CASE WHEN (t.apartment IS NOT NULL) THEN 2 ELSE 0 END END AS sys_guarded, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN residency AS t ON true LEFT OUTER JOIN person AS t1 ON t.person = t1.id 
WHERE t.id IS NOT NULL AND (t1.sys_use_0 & 128) != 0 AND (t.moved_out IS NULL OR t.moved_out >= c.cut_8) OR (t1.sys_use_0 & 2) != 0 AND (t.id IS NOT NULL AND (t1.sys_need_0 & 1) != 0 AND (t.moved_out IS NULL OR t.moved_out >= c.cut_1) OR t.id IS NOT NULL AND (t1.sys_need_0 & 128) != 0 AND (t.moved_out IS NULL OR t.moved_out >= c.cut_8));
-- service_desk sees shareholding
SELECT t.id, t.person, CASE WHEN (t1.non_disclosure IS NULL) THEN t.apartment END AS apartment, t.shares, t.portion, t.began, t.ended, CASE WHEN (t1.non_disclosure IS NOT NULL) THEN 1 + CASE WHEN (t.apartment IS NOT NULL) THEN 2 ELSE 0 END END AS sys_guarded, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN shareholding AS t ON true LEFT OUTER JOIN person AS t1 ON t.person = t1.id 
WHERE t.id IS NOT NULL AND (t1.sys_need_0 & 1) != 0 AND (t1.sys_use_0 & 2) != 0 AND (t.ended IS NULL OR t.ended >= c.cut_2);
-- service_desk sees maintenance_order
SELECT t.id, CASE WHEN (t1.non_disclosure IS NULL) THEN t.apartment END AS apartment, CASE WHEN (t1.non_disclosure IS NULL) THEN t.housing_company END AS housing_company, t.person, t.number, t.reported_at, t.subject, t.description, t.may_enter, t.contractor, t.ordered_on, t.done_on, CASE WHEN (t1.non_disclosure IS NOT NULL) THEN 1 + CASE WHEN (t.apartment IS NOT NULL) THEN 2 ELSE 0 END + CASE WHEN (t.housing_company IS NOT NULL) THEN 4 ELSE 0 END END AS sys_guarded, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN maintenance_order AS t ON true LEFT OUTER JOIN person AS t1 ON t.person = t1.id 
WHERE coalesce(t.reported_at, t.sys_recorded_at) >= c.cut_10 AND ((t1.sys_use_0 & 256) != 0 OR t1.id IS NULL);
-- accountant sees person
SELECT t.id, t.first_name, t.last_name, CASE WHEN ((t.sys_until_arrears >= c.today AND (t.sys_use_0 & 32) != 0 OR t.sys_until_debt_collection >= c.today AND (t.sys_use_0 & 64) != 0) AND t.non_disclosure IS NULL) THEN t.phone END AS phone, CASE WHEN ((t.sys_until_arrears >= c.today AND (t.sys_use_0 & 32) != 0 OR t.sys_until_debt_collection >= c.today AND (t.sys_use_0 & 64) != 0) AND t.non_disclosure IS NULL) THEN t.email END AS email, CASE WHEN (t.sys_until_debt_collection >= c.today AND (t.sys_use_0 & 64) != 0) THEN t.personal_identity_code END AS personal_identity_code, CASE WHEN (t.non_disclosure IS NOT NULL) THEN 1 + CASE WHEN ((t.sys_until_arrears >= c.today AND (t.sys_use_0 & 32) != 0 OR t.sys_until_debt_collection >= c.today AND (t.sys_use_0 & 64) != 0) AND t.phone IS NOT NULL) THEN 2 ELSE 0 END + CASE WHEN ((t.sys_until_arrears >= c.today AND (t.sys_use_0 & 32) != 0 OR t.sys_until_debt_collection >= c.today AND (t.sys_use_0 & 64) != 0) AND t.email IS NOT NULL) THEN 4 ELSE 0 END END AS sys_guarded, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN person AS t ON true 
WHERE t.sys_until_charges >= c.today AND (t.sys_use_0 & 8) != 0 OR t.sys_until_arrears >= c.today AND (t.sys_use_0 & 32) != 0 OR t.sys_until_debt_collection >= c.today AND (t.sys_use_0 & 64) != 0;
-- accountant sees organisation
SELECT t.id, t.name, t.business_id, t.form, t.phone, t.email, t.street, t.postal_code, t.city, t.country, t.sys_source, t.sys_recorded_at 
FROM organisation AS t 
WHERE true;
-- accountant sees payment
SELECT t.id, t.charge, t.paid_on, t.amount, t.reference_number, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN payment AS t ON true LEFT OUTER JOIN charge AS t1 ON t.charge = t1.id LEFT OUTER JOIN person AS t2 ON t1.person = t2.id 
WHERE ((t2.sys_use_0 & 16) != 0 OR t2.id IS NULL) AND (t1.due_on >= c.cut_6 OR t1.due_on IS NULL AND t1.sys_recorded_at >= c.cut_6_at) OR t1.sys_until_arrears >= c.today AND ((t2.sys_use_0 & 32) != 0 OR t2.id IS NULL);
-- accountant sees reminder
SELECT t.id, t.charge, t.sent_on, t.fee, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN reminder AS t ON true LEFT OUTER JOIN charge AS t1 ON t.charge = t1.id LEFT OUTER JOIN person AS t2 ON t1.person = t2.id 
WHERE t1.sys_until_arrears >= c.today AND ((t2.sys_use_0 & 32) != 0 OR t2.id IS NULL);
-- accountant sees collection
SELECT t.id, CASE WHEN (t.sys_until_debt_collection >= c.today AND ((t2.sys_use_0 & 64) != 0 OR t2.id IS NULL)) THEN t.charge END AS charge, CASE WHEN (t.sys_until_debt_collection >= c.today AND ((t2.sys_use_0 & 64) != 0 OR t2.id IS NULL)) THEN t.opened_on END AS opened_on, CASE WHEN (t.sys_until_debt_collection >= c.today AND (t3.sys_use_0 & 64) != 0) THEN t.debtor END AS debtor, CASE WHEN (t.sys_until_debt_collection >= c.today AND ((t2.sys_use_0 & 64) != 0 OR t2.id IS NULL)) THEN t.agency END AS agency, CASE WHEN (t.sys_until_debt_collection >= c.today AND ((t2.sys_use_0 & 64) != 0 OR t2.id IS NULL)) THEN t.judgment_on END AS judgment_on, CASE WHEN (t.sys_until_debt_collection >= c.today AND ((t2.sys_use_0 & 64) != 0 OR t2.id IS NULL)) THEN t.closed_on END AS closed_on, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN collection AS t ON true LEFT OUTER JOIN charge AS t1 ON t.charge = t1.id LEFT OUTER JOIN person AS t2 ON t1.person = t2.id LEFT OUTER JOIN person AS t3 ON t.debtor = t3.id 
WHERE t.sys_until_debt_collection >= c.today AND ((t2.sys_use_0 & 64) != 0 OR t2.id IS NULL) OR t.sys_until_debt_collection >= c.today AND (t3.sys_use_0 & 64) != 0;
-- accountant sees ledger_entry
SELECT t.id, t.charge, t.number, t.dated, t.text, t.amount, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN ledger_entry AS t ON true LEFT OUTER JOIN charge AS t1 ON t.charge = t1.id LEFT OUTER JOIN person AS t2 ON t1.person = t2.id 
WHERE ((t2.sys_use_0 & 16) != 0 OR t2.id IS NULL) AND (t.dated >= c.cut_7 OR t.dated IS NULL AND t.sys_recorded_at >= c.cut_7_at);
-- accountant sees apartment
SELECT t.id, t.housing_company, t.code, t.address, t.floor, t.rooms, t.area, t.shares, t.charge_basis, t.reference_number, t.sys_source, t.sys_recorded_at 
FROM apartment AS t 
WHERE true;
-- accountant sees charge
SELECT t.id, CASE WHEN (t1.non_disclosure IS NULL) THEN t.apartment END AS apartment, t.person, t.sort, t.period, t.amount, t.due_on, t.paid_on, t.reference_number, CASE WHEN (t1.non_disclosure IS NOT NULL) THEN 1 + CASE WHEN (t.apartment IS NOT NULL) THEN 2 ELSE 0 END END AS sys_guarded, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN charge AS t ON true LEFT OUTER JOIN person AS t1 ON t.person = t1.id 
WHERE ((t1.sys_use_0 & 8) != 0 OR t1.id IS NULL) AND (t.due_on >= c.cut_5 OR t.due_on IS NULL AND t.sys_recorded_at >= c.cut_5_at) OR ((t1.sys_use_0 & 16) != 0 OR t1.id IS NULL) AND (t.due_on >= c.cut_6 OR t.due_on IS NULL AND t.sys_recorded_at >= c.cut_6_at) OR t.sys_until_arrears >= c.today AND ((t1.sys_use_0 & 32) != 0 OR t1.id IS NULL) OR t.sys_until_debt_collection >= c.today AND ((t1.sys_use_0 & 64) != 0 OR t1.id IS NULL);
-- accountant sees debtor
SELECT t.id, t.charge, t.person, t.liable_as, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN debtor AS t ON true LEFT OUTER JOIN charge AS t1 ON t.charge = t1.id LEFT OUTER JOIN person AS t2 ON t.person = t2.id 
WHERE (t2.sys_use_0 & 8) != 0 AND (t1.due_on >= c.cut_5 OR t1.due_on IS NULL AND t1.sys_recorded_at >= c.cut_5_at) OR t.charge IS NULL AND (t2.sys_use_0 & 8) != 0 AND t2.sys_until_charges >= c.today OR t1.sys_until_arrears >= c.today AND (t2.sys_use_0 & 32) != 0 OR t.charge IS NULL AND (t2.sys_use_0 & 32) != 0 AND t2.sys_until_arrears >= c.today;
