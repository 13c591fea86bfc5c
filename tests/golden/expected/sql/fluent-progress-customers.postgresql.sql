-- create sys_touched
CREATE TABLE sys_touched (
	kind TEXT NOT NULL, 
	row BIGINT NOT NULL, 
	PRIMARY KEY (kind, row)
);
-- clock 23
CREATE TABLE sys_clock (
	today TEXT, 
	cut_4 TEXT, 
	cut_4_at TEXT, 
	cut_5 TEXT, 
	cut_5_at TEXT, 
	cut_7 TEXT, 
	cut_7_at TEXT, 
	cut_8 TEXT, 
	cut_9 TEXT, 
	cut_10 TEXT, 
	cut_11 TEXT, 
	cut_12 TEXT, 
	cut_13 TEXT, 
	cut_13_at TEXT, 
	cut_14 TEXT, 
	cut_16 TEXT, 
	cut_17 TEXT, 
	cut_18 TEXT, 
	cut_19 TEXT, 
	cut_20 TEXT, 
	cut_21 TEXT, 
	cut_22 TEXT, 
	cut_23 TEXT, 
	cut_23_at TEXT, 
	cut_1 TEXT, 
	cut_2 TEXT, 
	cut_2_at TEXT, 
	cut_3 TEXT, 
	cut_6 TEXT, 
	cut_15 TEXT
);
-- create person
CREATE TABLE person (
	id BIGSERIAL NOT NULL, 
	first_name TEXT, 
	last_name TEXT, 
	phone TEXT, 
	email TEXT, 
	interests TEXT, 
	social_profiles TEXT, 
	remark TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	sys_until_customer_care TEXT, 
	sys_until_orders TEXT, 
	sys_until_agreements TEXT, 
	sys_until_service_use TEXT, 
	sys_until_claims TEXT, 
	sys_until_feedback TEXT, 
	sys_until_enquiries TEXT, 
	sys_until_events TEXT, 
	sys_until_publication TEXT, 
	sys_need_0 BIGINT, 
	sys_use_0 BIGINT, 
	sys_held BIGINT, 
	sys_restricted BIGINT, 
	PRIMARY KEY (id)
);
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
-- create address
CREATE TABLE address (
	id BIGSERIAL NOT NULL, 
	person BIGINT, 
	organisation BIGINT, 
	use TEXT, 
	street TEXT, 
	postal_code TEXT, 
	city TEXT, 
	country TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_address_person" ON "address" ("person");
CREATE INDEX "sys_ix_address_organisation" ON "address" ("organisation");
-- create relationship
CREATE TABLE relationship (
	id BIGSERIAL NOT NULL, 
	person BIGINT, 
	organisation BIGINT, 
	stage TEXT, 
	title TEXT, 
	unit TEXT, 
	tasks TEXT, 
	roles TEXT, 
	began TEXT, 
	ended TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	sys_until_customer_care TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_relationship_person" ON "relationship" ("person");
CREATE INDEX "sys_ix_relationship_organisation" ON "relationship" ("organisation");
-- create interaction
CREATE TABLE interaction (
	id BIGSERIAL NOT NULL, 
	relationship BIGINT, 
	person BIGINT, 
	at TEXT, 
	channel TEXT, 
	direction TEXT, 
	subject TEXT, 
	text TEXT, 
	next_on TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_interaction_relationship" ON "interaction" ("relationship");
CREATE INDEX "sys_ix_interaction_person" ON "interaction" ("person");
-- create interaction_participant
CREATE TABLE interaction_participant (
	id BIGSERIAL NOT NULL, 
	interaction BIGINT, 
	person BIGINT, 
	role TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_interaction_participant_interaction" ON "interaction_participant" ("interaction");
CREATE INDEX "sys_ix_interaction_participant_person" ON "interaction_participant" ("person");
-- create task
CREATE TABLE task (
	id BIGSERIAL NOT NULL, 
	relationship BIGINT, 
	person BIGINT, 
	subject TEXT, 
	due_on TEXT, 
	assignee TEXT, 
	done_on TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_task_relationship" ON "task" ("relationship");
CREATE INDEX "sys_ix_task_person" ON "task" ("person");
-- create message
CREATE TABLE message (
	id BIGSERIAL NOT NULL, 
	relationship BIGINT, 
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
CREATE INDEX "sys_ix_message_relationship" ON "message" ("relationship");
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
-- create survey_response
CREATE TABLE survey_response (
	id BIGSERIAL NOT NULL, 
	person BIGINT, 
	survey TEXT, 
	at TEXT, 
	answers TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_survey_response_person" ON "survey_response" ("person");
-- create publication
CREATE TABLE publication (
	id BIGSERIAL NOT NULL, 
	person BIGINT, 
	what TEXT, 
	"where" TEXT, 
	agreed_on TEXT, 
	ended_on TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	sys_until_publication TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_publication_person" ON "publication" ("person");
-- create agreement
CREATE TABLE agreement (
	id BIGSERIAL NOT NULL, 
	organisation BIGINT, 
	person BIGINT, 
	number TEXT, 
	sort TEXT, 
	subject TEXT, 
	signed_on TEXT, 
	starts_on TEXT, 
	ended_on TEXT, 
	signatory BIGINT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_agreement_organisation" ON "agreement" ("organisation");
CREATE INDEX "sys_ix_agreement_person" ON "agreement" ("person");
CREATE INDEX "sys_ix_agreement_signatory" ON "agreement" ("signatory");
-- create order
CREATE TABLE "order" (
	id BIGSERIAL NOT NULL, 
	organisation BIGINT, 
	person BIGINT, 
	number TEXT, 
	ordered_on TEXT, 
	contact BIGINT, 
	lines TEXT, 
	total BIGINT, 
	promised_on TEXT, 
	status TEXT, 
	changes TEXT, 
	changed_on TEXT, 
	notes TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_order_organisation" ON "order" ("organisation");
CREATE INDEX "sys_ix_order_person" ON "order" ("person");
CREATE INDEX "sys_ix_order_contact" ON "order" ("contact");
-- create delivery
CREATE TABLE delivery (
	id BIGSERIAL NOT NULL, 
	"order" BIGINT, 
	shipped_on TEXT, 
	delivered_on TEXT, 
	recipient BIGINT, 
	recipient_name TEXT, 
	recipient_phone TEXT, 
	address TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_delivery_order" ON "delivery" ("order");
CREATE INDEX "sys_ix_delivery_recipient" ON "delivery" ("recipient");
-- create invoice
CREATE TABLE invoice (
	id BIGSERIAL NOT NULL, 
	organisation BIGINT, 
	person BIGINT, 
	"order" BIGINT, 
	number TEXT, 
	dated TEXT, 
	due_on TEXT, 
	total BIGINT, 
	lines TEXT, 
	reference_number TEXT, 
	billed_name TEXT, 
	billed_address TEXT, 
	contact BIGINT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	sys_until_claims TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_invoice_organisation" ON "invoice" ("organisation");
CREATE INDEX "sys_ix_invoice_person" ON "invoice" ("person");
CREATE INDEX "sys_ix_invoice_order" ON "invoice" ("order");
CREATE INDEX "sys_ix_invoice_contact" ON "invoice" ("contact");
-- create payment
CREATE TABLE payment (
	id BIGSERIAL NOT NULL, 
	invoice BIGINT, 
	paid_on TEXT, 
	amount BIGINT, 
	reference_number TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_payment_invoice" ON "payment" ("invoice");
-- create reminder
CREATE TABLE reminder (
	id BIGSERIAL NOT NULL, 
	invoice BIGINT, 
	sent_on TEXT, 
	fee BIGINT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_reminder_invoice" ON "reminder" ("invoice");
-- create collection
CREATE TABLE collection (
	id BIGSERIAL NOT NULL, 
	invoice BIGINT, 
	opened_on TEXT, 
	debtor BIGINT, 
	agency BIGINT, 
	judgment_on TEXT, 
	closed_on TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_collection_invoice" ON "collection" ("invoice");
CREATE INDEX "sys_ix_collection_debtor" ON "collection" ("debtor");
CREATE INDEX "sys_ix_collection_agency" ON "collection" ("agency");
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
	ip_address TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_usage_event_account" ON "usage_event" ("account");
-- create event
CREATE TABLE event (
	id BIGSERIAL NOT NULL, 
	name TEXT, 
	starts_at TEXT, 
	place TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
-- create registration
CREATE TABLE registration (
	id BIGSERIAL NOT NULL, 
	event BIGINT, 
	person BIGINT, 
	registered_at TEXT, 
	attended BIGINT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_registration_event" ON "registration" ("event");
CREATE INDEX "sys_ix_registration_person" ON "registration" ("person");
-- create device
CREATE TABLE device (
	id BIGSERIAL NOT NULL, 
	person BIGINT, 
	browser_id TEXT, 
	last_seen TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	sys_until_web_statistics TEXT, 
	sys_until_web_studies TEXT, 
	sys_until_browser_segments TEXT, 
	sys_need_0 BIGINT, 
	sys_use_0 BIGINT, 
	sys_held BIGINT, 
	sys_restricted BIGINT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_device_person" ON "device" ("person");
-- create visit
CREATE TABLE visit (
	id BIGSERIAL NOT NULL, 
	device BIGINT, 
	at TEXT, 
	page TEXT, 
	referrer TEXT, 
	campaign TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_visit_device" ON "visit" ("device");
-- create study
CREATE TABLE study (
	id BIGSERIAL NOT NULL, 
	name TEXT, 
	pages TEXT, 
	starts_on TEXT, 
	ends_on TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
-- create click
CREATE TABLE click (
	id BIGSERIAL NOT NULL, 
	study BIGINT, 
	device BIGINT, 
	at TEXT, 
	page TEXT, 
	element TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_click_study" ON "click" ("study");
CREATE INDEX "sys_ix_click_device" ON "click" ("device");
-- create segment
CREATE TABLE segment (
	id BIGSERIAL NOT NULL, 
	name TEXT, 
	pages TEXT, 
	starts_on TEXT, 
	ends_on TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
-- create segment_membership
CREATE TABLE segment_membership (
	id BIGSERIAL NOT NULL, 
	segment BIGINT, 
	device BIGINT, 
	from_at TEXT, 
	until_at TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_segment_membership_segment" ON "segment_membership" ("segment");
CREATE INDEX "sys_ix_segment_membership_device" ON "segment_membership" ("device");
-- create external_behaviour
CREATE TABLE external_behaviour (
	id BIGSERIAL NOT NULL, 
	device BIGINT, 
	at TEXT, 
	site TEXT, 
	topic TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_external_behaviour_device" ON "external_behaviour" ("device");
-- create form_submission
CREATE TABLE form_submission (
	id BIGSERIAL NOT NULL, 
	person BIGINT, 
	device BIGINT, 
	form TEXT, 
	at TEXT, 
	page TEXT, 
	text TEXT, 
	answers TEXT, 
	assignee TEXT, 
	handled_on TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	PRIMARY KEY (id)
);
CREATE INDEX "sys_ix_form_submission_person" ON "form_submission" ("person");
CREATE INDEX "sys_ix_form_submission_device" ON "form_submission" ("device");
-- create permission
CREATE TABLE permission (
	id BIGSERIAL NOT NULL, 
	person BIGINT, 
	device BIGINT, 
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
CREATE INDEX "sys_ix_permission_device" ON "permission" ("device");
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
-- index address
CREATE INDEX "sys_by_address" ON "address" (substring(seloste_order("street") from 1 for 200), coalesce(substring(seloste_order("city") from 1 for 200), ''), id) WHERE "street" IS NOT NULL;
-- index relationship
CREATE INDEX "sys_by_relationship" ON "relationship" ("began", id) WHERE "began" IS NOT NULL;
-- index interaction
CREATE INDEX "sys_by_interaction" ON "interaction" ("at", id) WHERE "at" IS NOT NULL;
-- index interaction.next_on
CREATE INDEX "sys_due_interaction" ON "interaction" ("next_on", id) WHERE "next_on" IS NOT NULL;
-- index task
CREATE INDEX "sys_by_task" ON "task" ("due_on", id) WHERE "due_on" IS NOT NULL;
-- index task.due_on
CREATE INDEX "sys_due_task" ON "task" ("due_on", id) WHERE "due_on" IS NOT NULL AND "done_on" IS NULL;
-- index message
CREATE INDEX "sys_by_message" ON "message" ("sent_at", id) WHERE "sent_at" IS NOT NULL;
-- index feedback
CREATE INDEX "sys_by_feedback" ON "feedback" ("given_at", id) WHERE "given_at" IS NOT NULL;
-- index survey_response
CREATE INDEX "sys_by_survey_response" ON "survey_response" ("at", id) WHERE "at" IS NOT NULL;
-- index publication
CREATE INDEX "sys_by_publication" ON "publication" ("agreed_on", id) WHERE "agreed_on" IS NOT NULL;
-- index agreement
CREATE INDEX "sys_by_agreement" ON "agreement" ("signed_on", id) WHERE "signed_on" IS NOT NULL;
-- index order
CREATE INDEX "sys_by_order" ON "order" ("ordered_on", id) WHERE "ordered_on" IS NOT NULL;
-- index delivery
CREATE INDEX "sys_by_delivery" ON "delivery" ("shipped_on", id) WHERE "shipped_on" IS NOT NULL;
-- index invoice
CREATE INDEX "sys_by_invoice" ON "invoice" ("dated", id) WHERE "dated" IS NOT NULL;
-- index invoice.due_on
CREATE INDEX "sys_due_invoice" ON "invoice" ("due_on", id) WHERE "due_on" IS NOT NULL;
-- index payment
CREATE INDEX "sys_by_payment" ON "payment" ("paid_on", id) WHERE "paid_on" IS NOT NULL;
-- index reminder
CREATE INDEX "sys_by_reminder" ON "reminder" ("sent_on", id) WHERE "sent_on" IS NOT NULL;
-- index collection
CREATE INDEX "sys_by_collection" ON "collection" ("opened_on", id) WHERE "opened_on" IS NOT NULL;
-- index account
CREATE INDEX "sys_by_account" ON "account" ("created_on", id) WHERE "created_on" IS NOT NULL;
-- index usage_event
CREATE INDEX "sys_by_usage_event" ON "usage_event" ("at", id) WHERE "at" IS NOT NULL;
-- index event
CREATE INDEX "sys_by_event" ON "event" ("starts_at", id) WHERE "starts_at" IS NOT NULL;
-- index registration
CREATE INDEX "sys_by_registration" ON "registration" ("registered_at", id) WHERE "registered_at" IS NOT NULL;
-- index visit
CREATE INDEX "sys_by_visit" ON "visit" ("at", id) WHERE "at" IS NOT NULL;
-- index study
CREATE INDEX "sys_by_study" ON "study" ("starts_on", id) WHERE "starts_on" IS NOT NULL;
-- index click
CREATE INDEX "sys_by_click" ON "click" ("at", id) WHERE "at" IS NOT NULL;
-- index segment
CREATE INDEX "sys_by_segment" ON "segment" ("starts_on", id) WHERE "starts_on" IS NOT NULL;
-- index segment_membership
CREATE INDEX "sys_by_segment_membership" ON "segment_membership" ("from_at", id) WHERE "from_at" IS NOT NULL;
-- index external_behaviour
CREATE INDEX "sys_by_external_behaviour" ON "external_behaviour" ("at", id) WHERE "at" IS NOT NULL;
-- index form_submission
CREATE INDEX "sys_by_form_submission" ON "form_submission" ("at", id) WHERE "at" IS NOT NULL;
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
-- lens customer_service
-- lens marketing
-- lens accountant
-- lens analyst
-- customer_service sees person
SELECT t.id, t.first_name, t.last_name, CASE WHEN (t.sys_until_customer_care >= c.today AND (t.sys_use_0 & 1) != 0 OR t.sys_until_orders >= c.today AND (t.sys_use_0 & 2) != 0 OR t.sys_until_enquiries >= c.today AND (t.sys_use_0 & 128) != 0 OR t.sys_until_events >= c.today AND (t.sys_use_0 & 256) != 0) THEN t.phone END AS phone, CASE WHEN (t.sys_until_customer_care >= c.today AND (t.sys_use_0 & 1) != 0 OR t.sys_until_orders >= c.today AND (t.sys_use_0 & 2) != 0 OR t.sys_until_service_use >= c.today AND (t.sys_use_0 & 8) != 0 OR t.sys_until_feedback >= c.today AND (t.sys_use_0 & 64) != 0 OR t.sys_until_enquiries >= c.today AND (t.sys_use_0 & 128) != 0 OR t.sys_until_events >= c.today AND (t.sys_use_0 & 256) != 0) THEN t.email END AS email, CASE WHEN (t.sys_until_customer_care >= c.today AND (t.sys_use_0 & 1) != 0) THEN t.interests END AS interests, CASE WHEN (t.sys_until_customer_care >= c.today AND (t.sys_use_0 & 1) != 0) THEN t.social_profiles END AS social_profiles, CASE WHEN (t.sys_until_customer_care >= c.today AND (t.sys_use_0 & 1) != 0) THEN t.remark END AS remark, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN person AS t ON true 
WHERE t.sys_until_customer_care >= c.today AND (t.sys_use_0 & 1) != 0 OR t.sys_until_orders >= c.today AND (t.sys_use_0 & 2) != 0 OR t.sys_until_agreements >= c.today AND (t.sys_use_0 & 4) != 0 OR t.sys_until_service_use >= c.today AND (t.sys_use_0 & 8) != 0 OR t.sys_until_feedback >= c.today AND (t.sys_use_0 & 64) != 0 OR t.sys_until_enquiries >= c.today AND (t.sys_use_0 & 128) != 0 OR t.sys_until_events >= c.today AND (t.sys_use_0 & 256) != 0 OR t.sys_until_publication >= c.today AND (t.sys_use_0 & 16384) != 0;
-- customer_service sees organisation
SELECT t.id, t.name, t.business_id, t.form, t.phone, t.email, t.street, t.postal_code, t.city, t.country, t.sys_source, t.sys_recorded_at 
FROM organisation AS t 
WHERE true;
-- customer_service sees address
SELECT t.id, t.person, t.organisation, t.use, t.street, t.postal_code, t.city, t.country, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN address AS t ON true LEFT OUTER JOIN person AS t1 ON t.person = t1.id 
WHERE (t1.sys_use_0 & 1) != 0 AND t1.sys_until_customer_care >= c.today;
-- customer_service sees relationship
SELECT t.id, t.person, t.organisation, t.stage, t.title, t.unit, t.tasks, t.roles, t.began, t.ended, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN relationship AS t ON true LEFT OUTER JOIN person AS t1 ON t.person = t1.id 
WHERE t.sys_until_customer_care >= c.today AND (t1.sys_use_0 & 1) != 0;
-- customer_service sees interaction
SELECT t.id, t.relationship, t.person, t.at, t.channel, t.direction, t.subject, t.text, t.next_on, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN interaction AS t ON true LEFT OUTER JOIN relationship AS t1 ON t.relationship = t1.id LEFT OUTER JOIN person AS t2 ON t.person = t2.id LEFT OUTER JOIN person AS t3 ON t1.person = t3.id 
WHERE coalesce(t.at, t.sys_recorded_at) >= c.cut_1 AND coalesce(t2.sys_restricted, 0) = 0 AND (t.person IS NOT NULL OR coalesce(t3.sys_restricted, 0) = 0) AND (t1.sys_until_customer_care >= c.today AND ((t2.sys_use_0 & 1) != 0 OR t.person IS NULL AND (t3.sys_use_0 & 1) != 0) OR t.relationship IS NULL AND ((t2.sys_use_0 & 1) != 0 AND t2.sys_until_customer_care >= c.today OR t.person IS NULL AND (t3.sys_use_0 & 1) != 0 AND t3.sys_until_customer_care >= c.today));
-- customer_service sees interaction_participant
SELECT t.id, t.interaction, t.person, t.role, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN interaction_participant AS t ON true LEFT OUTER JOIN interaction AS t1 ON t.interaction = t1.id LEFT OUTER JOIN relationship AS t2 ON t1.relationship = t2.id LEFT OUTER JOIN person AS t3 ON t.person = t3.id 
WHERE t2.sys_until_customer_care >= c.today AND (t3.sys_use_0 & 1) != 0 OR (t3.sys_use_0 & 1) != 0 AND t3.sys_until_customer_care >= c.today AND (t.interaction IS NULL OR t1.id IS NOT NULL AND t1.relationship IS NULL);
-- customer_service sees task
SELECT t.id, t.relationship, t.person, t.subject, t.due_on, t.assignee, t.done_on, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN task AS t ON true LEFT OUTER JOIN relationship AS t1 ON t.relationship = t1.id LEFT OUTER JOIN person AS t2 ON t.person = t2.id LEFT OUTER JOIN person AS t3 ON t1.person = t3.id 
WHERE coalesce(t2.sys_restricted, 0) = 0 AND (t.person IS NOT NULL OR coalesce(t3.sys_restricted, 0) = 0) AND (t.due_on >= c.cut_2 OR t.due_on IS NULL AND t.sys_recorded_at >= c.cut_2_at) AND (t1.sys_until_customer_care >= c.today AND ((t2.sys_use_0 & 1) != 0 OR t.person IS NULL AND (t3.sys_use_0 & 1) != 0) OR t.relationship IS NULL AND ((t2.sys_use_0 & 1) != 0 AND t2.sys_until_customer_care >= c.today OR t.person IS NULL AND (t3.sys_use_0 & 1) != 0 AND t3.sys_until_customer_care >= c.today));
-- customer_service sees message
SELECT t.id, t.relationship, t.person, t.sent_at, t.channel, t.subject, t.template, t.status, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN message AS t ON true LEFT OUTER JOIN relationship AS t1 ON t.relationship = t1.id LEFT OUTER JOIN person AS t2 ON t.person = t2.id LEFT OUTER JOIN person AS t3 ON t1.person = t3.id 
WHERE coalesce(t.sent_at, t.sys_recorded_at) >= c.cut_3 AND coalesce(t2.sys_restricted, 0) = 0 AND (t.person IS NOT NULL OR coalesce(t3.sys_restricted, 0) = 0) AND (t1.sys_until_customer_care >= c.today AND ((t2.sys_use_0 & 1) != 0 OR t.person IS NULL AND (t3.sys_use_0 & 1) != 0) OR t.relationship IS NULL AND ((t2.sys_use_0 & 1) != 0 AND t2.sys_until_customer_care >= c.today OR t.person IS NULL AND (t3.sys_use_0 & 1) != 0 AND t3.sys_until_customer_care >= c.today));
-- customer_service sees feedback
SELECT t.id, t.person, t.given_at, t.text, t.score, t.handled_on, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN feedback AS t ON true LEFT OUTER JOIN person AS t1 ON t.person = t1.id 
WHERE coalesce(t.given_at, t.sys_recorded_at) >= c.cut_8 AND (t1.sys_use_0 & 64) != 0;
-- customer_service sees publication
SELECT t.id, t.person, t.what, t."where", t.agreed_on, t.ended_on, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN publication AS t ON true LEFT OUTER JOIN person AS t1 ON t.person = t1.id 
WHERE t.sys_until_publication >= c.today AND (t1.sys_use_0 & 16384) != 0;
-- customer_service sees agreement
SELECT t.id, CASE WHEN (t.id IS NOT NULL AND (t.ended_on IS NULL OR t.ended_on >= c.cut_5) AND ((t1.sys_use_0 & 4) != 0 OR t1.id IS NULL)) THEN t.organisation END AS organisation, CASE WHEN (t.id IS NOT NULL AND (t.ended_on IS NULL OR t.ended_on >= c.cut_5) AND ((t1.sys_use_0 & 4) != 0 OR t1.id IS NULL)) THEN t.person END AS person, CASE WHEN (t.id IS NOT NULL AND (t.ended_on IS NULL OR t.ended_on >= c.cut_5) AND ((t1.sys_use_0 & 4) != 0 OR t1.id IS NULL)) THEN t.number END AS number, CASE WHEN (t.id IS NOT NULL AND (t.ended_on IS NULL OR t.ended_on >= c.cut_5) AND ((t1.sys_use_0 & 4) != 0 OR t1.id IS NULL)) THEN t.sort END AS sort, CASE WHEN (t.id IS NOT NULL AND (t.ended_on IS NULL OR t.ended_on >= c.cut_5) AND ((t1.sys_use_0 & 4) != 0 OR t1.id IS NULL)) THEN t.subject END AS subject, CASE WHEN (t.id IS NOT NULL AND (t.ended_on IS NULL OR t.ended_on >= c.cut_5) AND ((t1.sys_use_0 & 4) != 0 OR t1.id IS NULL)) THEN t.signed_on END AS signed_on, CASE WHEN (t.id IS NOT NULL AND (t.ended_on IS NULL OR t.ended_on >= c.cut_5) AND ((t1.sys_use_0 & 4) != 0 OR t1.id IS NULL)) THEN t.starts_on END AS starts_on, CASE WHEN (t.id IS NOT NULL AND (t.ended_on IS NULL OR t.ended_on >= c.cut_5) AND ((t1.sys_use_0 & 4) != 0 OR t1.id IS NULL)) THEN t.ended_on END AS ended_on, CASE WHEN (t.id IS NOT NULL AND (t2.sys_use_0 & 4) != 0 AND (t.ended_on IS NULL OR t.ended_on >= c.cut_5)) THEN t.signatory END AS signatory, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN agreement AS t ON true LEFT OUTER JOIN person AS t1 ON t.person = t1.id LEFT OUTER JOIN person AS t2 ON t.signatory = t2.id 
WHERE t.id IS NOT NULL AND (t.ended_on IS NULL OR t.ended_on >= c.cut_5) AND ((t1.sys_use_0 & 4) != 0 OR t1.id IS NULL) OR t.id IS NOT NULL AND (t2.sys_use_0 & 4) != 0 AND (t.ended_on IS NULL OR t.ended_on >= c.cut_5);
-- customer_service sees order
SELECT t.id, CASE WHEN (((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL) AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at)) THEN t.organisation END AS organisation, CASE WHEN (((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL) AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at)) THEN t.person END AS person, CASE WHEN (((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL) AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at)) THEN t.number END AS number, CASE WHEN (((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL) AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at)) THEN t.ordered_on END AS ordered_on, CASE WHEN ((t2.sys_use_0 & 2) != 0 AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at)) THEN t.contact END AS contact, CASE WHEN (((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL) AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at)) THEN t.lines END AS lines, CASE WHEN (((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL) AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at)) THEN t.total END AS total, CASE WHEN (((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL) AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at)) THEN t.promised_on END AS promised_on, CASE WHEN (((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL) AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at)) THEN t.status END AS status, CASE WHEN (((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL) AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at)) THEN t.changes END AS changes, CASE WHEN (((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL) AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at)) THEN t.changed_on END AS changed_on, CASE WHEN (coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t2.sys_restricted, 0) = 0 AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at) AND ((t1.sys_use_0 & 2) != 0 OR (t2.sys_use_0 & 2) != 0 OR t1.id IS NULL AND t2.id IS NULL)) THEN t.notes END AS notes, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN "order" AS t ON true LEFT OUTER JOIN person AS t1 ON t.person = t1.id LEFT OUTER JOIN person AS t2 ON t.contact = t2.id 
WHERE ((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL) AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at) OR (t2.sys_use_0 & 2) != 0 AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at) OR coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t2.sys_restricted, 0) = 0 AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at) AND ((t1.sys_use_0 & 2) != 0 OR (t2.sys_use_0 & 2) != 0 OR t1.id IS NULL AND t2.id IS NULL);
-- customer_service sees delivery
SELECT t.id, CASE WHEN (((t2.sys_use_0 & 2) != 0 OR t2.id IS NULL) AND (t1.ordered_on >= c.cut_4 OR t1.ordered_on IS NULL AND t1.sys_recorded_at >= c.cut_4_at)) THEN t."order" END AS "order", CASE WHEN (((t2.sys_use_0 & 2) != 0 OR t2.id IS NULL) AND (t1.ordered_on >= c.cut_4 OR t1.ordered_on IS NULL AND t1.sys_recorded_at >= c.cut_4_at)) THEN t.shipped_on END AS shipped_on, CASE WHEN (((t2.sys_use_0 & 2) != 0 OR t2.id IS NULL) AND (t1.ordered_on >= c.cut_4 OR t1.ordered_on IS NULL AND t1.sys_recorded_at >= c.cut_4_at)) THEN t.delivered_on END AS delivered_on, CASE WHEN ((t3.sys_use_0 & 2) != 0 AND (t1.ordered_on >= c.cut_4 OR t1.ordered_on IS NULL AND t1.sys_recorded_at >= c.cut_4_at)) THEN t.recipient END AS recipient, CASE WHEN (((t2.sys_use_0 & 2) != 0 OR t2.id IS NULL) AND (t1.ordered_on >= c.cut_4 OR t1.ordered_on IS NULL AND t1.sys_recorded_at >= c.cut_4_at)) THEN t.recipient_name END AS recipient_name, CASE WHEN (((t2.sys_use_0 & 2) != 0 OR t2.id IS NULL) AND (t1.ordered_on >= c.cut_4 OR t1.ordered_on IS NULL AND t1.sys_recorded_at >= c.cut_4_at)) THEN t.recipient_phone END AS recipient_phone, CASE WHEN (((t2.sys_use_0 & 2) != 0 OR t2.id IS NULL) AND (t1.ordered_on >= c.cut_4 OR t1.ordered_on IS NULL AND t1.sys_recorded_at >= c.cut_4_at)) THEN t.address END AS address, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN delivery AS t ON true LEFT OUTER JOIN "order" AS t1 ON t."order" = t1.id LEFT OUTER JOIN person AS t2 ON t1.person = t2.id LEFT OUTER JOIN person AS t3 ON t.recipient = t3.id 
WHERE ((t2.sys_use_0 & 2) != 0 OR t2.id IS NULL) AND (t1.ordered_on >= c.cut_4 OR t1.ordered_on IS NULL AND t1.sys_recorded_at >= c.cut_4_at) OR (t3.sys_use_0 & 2) != 0 AND (t1.ordered_on >= c.cut_4 OR t1.ordered_on IS NULL AND t1.sys_recorded_at >= c.cut_4_at);
-- customer_service sees account
SELECT t.id, t.person, t.username, t.created_on, t.last_login, t.closed_on, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN account AS t ON true LEFT OUTER JOIN person AS t1 ON t.person = t1.id 
WHERE t.sys_until_service_use >= c.today AND (t1.sys_use_0 & 8) != 0;
-- customer_service sees usage_event
SELECT t.id, t.account, t.at, t.service, t.action, t.ip_address, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN usage_event AS t ON true LEFT OUTER JOIN account AS t1 ON t.account = t1.id LEFT OUTER JOIN person AS t2 ON t1.person = t2.id 
WHERE coalesce(t.at, t.sys_recorded_at) >= c.cut_6 AND t1.sys_until_service_use >= c.today AND (t2.sys_use_0 & 8) != 0;
-- customer_service sees event
SELECT t.id, t.name, t.starts_at, t.place, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN event AS t ON true 
WHERE coalesce(t.starts_at, t.sys_recorded_at) >= c.cut_10;
-- customer_service sees registration
SELECT t.id, t.event, t.person, t.registered_at, t.attended, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN registration AS t ON true LEFT OUTER JOIN event AS t1 ON t.event = t1.id LEFT OUTER JOIN person AS t2 ON t.person = t2.id 
WHERE coalesce(t1.starts_at, t1.sys_recorded_at) >= c.cut_10 AND (t2.sys_use_0 & 256) != 0 OR t.event IS NULL AND (t2.sys_use_0 & 256) != 0 AND t2.sys_until_events >= c.today;
-- customer_service sees form_submission
SELECT t.id, t.person, t.device, t.form, t.at, t.page, t.text, t.answers, t.assignee, t.handled_on, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN form_submission AS t ON true LEFT OUTER JOIN person AS t1 ON t.person = t1.id LEFT OUTER JOIN device AS t2 ON t.device = t2.id 
WHERE coalesce(t.at, t.sys_recorded_at) >= c.cut_9 AND coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t2.sys_restricted, 0) = 0 AND ((t1.sys_use_0 & 128) != 0 OR (t2.sys_use_0 & 128) != 0);
-- marketing sees person
SELECT t.id, t.first_name, t.last_name, CASE WHEN (t.sys_until_events >= c.today AND (t.sys_use_0 & 256) != 0 OR (t.sys_use_0 & 1024) != 0 AND (t.sys_until_customer_care >= c.today AND (t.sys_need_0 & 1) != 0 OR t.sys_until_orders >= c.today AND (t.sys_need_0 & 2) != 0 OR t.sys_until_enquiries >= c.today AND (t.sys_need_0 & 128) != 0 OR t.sys_until_events >= c.today)) THEN t.phone END AS phone, CASE WHEN (t.sys_until_events >= c.today AND (t.sys_use_0 & 256) != 0 OR (t.sys_use_0 & 2560) != 0 OR (t.sys_use_0 & 5120) != 0 AND (t.sys_until_customer_care >= c.today AND (t.sys_need_0 & 1) != 0 OR t.sys_until_orders >= c.today AND (t.sys_need_0 & 2) != 0 OR t.sys_until_service_use >= c.today OR t.sys_until_feedback >= c.today AND (t.sys_need_0 & 64) != 0 OR t.sys_until_enquiries >= c.today AND (t.sys_need_0 & 128) != 0 OR t.sys_until_events >= c.today OR (t.sys_need_0 & 2560) != 0)) THEN t.email END AS email, CASE WHEN (t.sys_until_customer_care >= c.today AND (t.sys_need_0 & 1) != 0 AND (t.sys_use_0 & 1024) != 0) THEN t.interests END AS interests, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN person AS t ON true 
WHERE t.sys_until_events >= c.today AND (t.sys_use_0 & 256) != 0 OR (t.sys_use_0 & 2560) != 0 OR t.sys_until_publication >= c.today AND (t.sys_use_0 & 16384) != 0 OR (t.sys_use_0 & 5120) != 0 AND (t.sys_until_customer_care >= c.today AND (t.sys_need_0 & 1) != 0 OR t.sys_until_orders >= c.today AND (t.sys_need_0 & 2) != 0 OR t.sys_until_agreements >= c.today AND (t.sys_need_0 & 4) != 0 OR t.sys_until_service_use >= c.today OR t.sys_until_claims >= c.today OR t.sys_until_feedback >= c.today AND (t.sys_need_0 & 64) != 0 OR t.sys_until_enquiries >= c.today AND (t.sys_need_0 & 128) != 0 OR t.sys_until_events >= c.today OR (t.sys_need_0 & 2560) != 0 OR t.sys_until_publication >= c.today AND (t.sys_need_0 & 16384) != 0);
-- marketing sees address
SELECT t.id, t.person, t.organisation, t.use, t.street, t.postal_code, t.city, t.country, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN address AS t ON true LEFT OUTER JOIN person AS t1 ON t.person = t1.id 
WHERE (t1.sys_need_0 & 1) != 0 AND t1.sys_until_customer_care >= c.today AND ((t1.sys_use_0 & 1024) != 0 OR t1.id IS NULL);
-- marketing sees relationship
SELECT t.id, t.person, t.organisation, t.stage, t.title, t.began, t.ended, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN relationship AS t ON true LEFT OUTER JOIN person AS t1 ON t.person = t1.id 
WHERE t.sys_until_customer_care >= c.today AND (t1.sys_need_0 & 1) != 0 AND (t1.sys_use_0 & 1024) != 0;
-- marketing sees survey_response
SELECT t.id, t.person, t.survey, t.at, t.answers, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN survey_response AS t ON true LEFT OUTER JOIN person AS t1 ON t.person = t1.id 
WHERE coalesce(t.at, t.sys_recorded_at) >= c.cut_11 AND (t1.sys_use_0 & 4096) != 0;
-- marketing sees publication
SELECT t.id, t.person, t.what, t."where", t.agreed_on, t.ended_on, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN publication AS t ON true LEFT OUTER JOIN person AS t1 ON t.person = t1.id 
WHERE t.sys_until_publication >= c.today AND (t1.sys_use_0 & 16384) != 0;
-- marketing sees event
SELECT t.id, t.name, t.starts_at, t.place, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN event AS t ON true 
WHERE coalesce(t.starts_at, t.sys_recorded_at) >= c.cut_10;
-- marketing sees registration
SELECT t.id, t.event, t.person, t.registered_at, t.attended, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN registration AS t ON true LEFT OUTER JOIN event AS t1 ON t.event = t1.id LEFT OUTER JOIN person AS t2 ON t.person = t2.id 
WHERE coalesce(t1.starts_at, t1.sys_recorded_at) >= c.cut_10 AND (t2.sys_use_0 & 256) != 0 OR t.event IS NULL AND (t2.sys_use_0 & 256) != 0 AND t2.sys_until_events >= c.today;
-- accountant sees person
SELECT t.id, t.first_name, t.last_name, CASE WHEN (t.sys_until_orders >= c.today AND (t.sys_use_0 & 2) != 0) THEN t.phone END AS phone, CASE WHEN (t.sys_until_orders >= c.today AND (t.sys_use_0 & 2) != 0) THEN t.email END AS email, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN person AS t ON true 
WHERE t.sys_until_orders >= c.today AND (t.sys_use_0 & 2) != 0 OR t.sys_until_claims >= c.today AND (t.sys_use_0 & 32) != 0;
-- accountant sees organisation
SELECT t.id, t.name, t.business_id, t.form, t.phone, t.email, t.street, t.postal_code, t.city, t.country, t.sys_source, t.sys_recorded_at 
FROM organisation AS t 
WHERE true;
-- accountant sees order
SELECT t.id, CASE WHEN (((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL) AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at)) THEN t.organisation END AS organisation, CASE WHEN (((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL) AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at)) THEN t.person END AS person, CASE WHEN (((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL) AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at)) THEN t.number END AS number, CASE WHEN (((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL) AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at)) THEN t.ordered_on END AS ordered_on, CASE WHEN ((t2.sys_use_0 & 2) != 0 AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at)) THEN t.contact END AS contact, CASE WHEN (((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL) AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at)) THEN t.lines END AS lines, CASE WHEN (((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL) AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at)) THEN t.total END AS total, CASE WHEN (((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL) AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at)) THEN t.promised_on END AS promised_on, CASE WHEN (((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL) AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at)) THEN t.status END AS status, CASE WHEN (((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL) AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at)) THEN t.changes END AS changes, CASE WHEN (((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL) AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at)) THEN t.changed_on END AS changed_on, CASE WHEN (coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t2.sys_restricted, 0) = 0 AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at) AND ((t1.sys_use_0 & 2) != 0 OR (t2.sys_use_0 & 2) != 0 OR t1.id IS NULL AND t2.id IS NULL)) THEN t.notes END AS notes, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN "order" AS t ON true LEFT OUTER JOIN person AS t1 ON t.person = t1.id LEFT OUTER JOIN person AS t2 ON t.contact = t2.id 
WHERE ((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL) AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at) OR (t2.sys_use_0 & 2) != 0 AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at) OR coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t2.sys_restricted, 0) = 0 AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at) AND ((t1.sys_use_0 & 2) != 0 OR (t2.sys_use_0 & 2) != 0 OR t1.id IS NULL AND t2.id IS NULL);
-- accountant sees delivery
SELECT t.id, CASE WHEN (((t2.sys_use_0 & 2) != 0 OR t2.id IS NULL) AND (t1.ordered_on >= c.cut_4 OR t1.ordered_on IS NULL AND t1.sys_recorded_at >= c.cut_4_at)) THEN t."order" END AS "order", CASE WHEN (((t2.sys_use_0 & 2) != 0 OR t2.id IS NULL) AND (t1.ordered_on >= c.cut_4 OR t1.ordered_on IS NULL AND t1.sys_recorded_at >= c.cut_4_at)) THEN t.shipped_on END AS shipped_on, CASE WHEN (((t2.sys_use_0 & 2) != 0 OR t2.id IS NULL) AND (t1.ordered_on >= c.cut_4 OR t1.ordered_on IS NULL AND t1.sys_recorded_at >= c.cut_4_at)) THEN t.delivered_on END AS delivered_on, CASE WHEN ((t3.sys_use_0 & 2) != 0 AND (t1.ordered_on >= c.cut_4 OR t1.ordered_on IS NULL AND t1.sys_recorded_at >= c.cut_4_at)) THEN t.recipient END AS recipient, CASE WHEN (((t2.sys_use_0 & 2) != 0 OR t2.id IS NULL) AND (t1.ordered_on >= c.cut_4 OR t1.ordered_on IS NULL AND t1.sys_recorded_at >= c.cut_4_at)) THEN t.recipient_name END AS recipient_name, CASE WHEN (((t2.sys_use_0 & 2) != 0 OR t2.id IS NULL) AND (t1.ordered_on >= c.cut_4 OR t1.ordered_on IS NULL AND t1.sys_recorded_at >= c.cut_4_at)) THEN t.recipient_phone END AS recipient_phone, CASE WHEN (((t2.sys_use_0 & 2) != 0 OR t2.id IS NULL) AND (t1.ordered_on >= c.cut_4 OR t1.ordered_on IS NULL AND t1.sys_recorded_at >= c.cut_4_at)) THEN t.address END AS address, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN delivery AS t ON true LEFT OUTER JOIN "order" AS t1 ON t."order" = t1.id LEFT OUTER JOIN person AS t2 ON t1.person = t2.id LEFT OUTER JOIN person AS t3 ON t.recipient = t3.id 
WHERE ((t2.sys_use_0 & 2) != 0 OR t2.id IS NULL) AND (t1.ordered_on >= c.cut_4 OR t1.ordered_on IS NULL AND t1.sys_recorded_at >= c.cut_4_at) OR (t3.sys_use_0 & 2) != 0 AND (t1.ordered_on >= c.cut_4 OR t1.ordered_on IS NULL AND t1.sys_recorded_at >= c.cut_4_at);
-- accountant sees invoice
SELECT t.id, CASE WHEN (coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND (t.dated >= c.cut_7 OR t.dated IS NULL AND t.sys_recorded_at >= c.cut_7_at) AND ((t1.sys_use_0 & 16) != 0 OR (t3.sys_use_0 & 16) != 0 OR t1.id IS NULL AND t3.id IS NULL) OR t.sys_until_claims >= c.today AND coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND ((t1.sys_use_0 & 32) != 0 OR (t3.sys_use_0 & 32) != 0 OR t1.id IS NULL AND t3.id IS NULL)) THEN t.organisation END AS organisation, CASE WHEN (coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND (t.dated >= c.cut_7 OR t.dated IS NULL AND t.sys_recorded_at >= c.cut_7_at) AND ((t1.sys_use_0 & 16) != 0 OR (t3.sys_use_0 & 16) != 0 OR t1.id IS NULL AND t3.id IS NULL) OR t.sys_until_claims >= c.today AND coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND ((t1.sys_use_0 & 32) != 0 OR (t3.sys_use_0 & 32) != 0 OR t1.id IS NULL AND t3.id IS NULL)) THEN t.person END AS person, CASE WHEN (coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND (t.dated >= c.cut_7 OR t.dated IS NULL AND t.sys_recorded_at >= c.cut_7_at) AND ((t1.sys_use_0 & 16) != 0 OR (t3.sys_use_0 & 16) != 0 OR t1.id IS NULL AND t3.id IS NULL) OR t.sys_until_claims >= c.today AND coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND ((t1.sys_use_0 & 32) != 0 OR (t3.sys_use_0 & 32) != 0 OR t1.id IS NULL AND t3.id IS NULL)) THEN t."order" END AS "order", CASE WHEN (coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND (t.dated >= c.cut_7 OR t.dated IS NULL AND t.sys_recorded_at >= c.cut_7_at) AND ((t1.sys_use_0 & 16) != 0 OR (t3.sys_use_0 & 16) != 0 OR t1.id IS NULL AND t3.id IS NULL) OR t.sys_until_claims >= c.today AND coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND ((t1.sys_use_0 & 32) != 0 OR (t3.sys_use_0 & 32) != 0 OR t1.id IS NULL AND t3.id IS NULL)) THEN t.number END AS number, CASE WHEN (coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND (t.dated >= c.cut_7 OR t.dated IS NULL AND t.sys_recorded_at >= c.cut_7_at) AND ((t1.sys_use_0 & 16) != 0 OR (t3.sys_use_0 & 16) != 0 OR t1.id IS NULL AND t3.id IS NULL) OR t.sys_until_claims >= c.today AND coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND ((t1.sys_use_0 & 32) != 0 OR (t3.sys_use_0 & 32) != 0 OR t1.id IS NULL AND t3.id IS NULL)) THEN t.dated END AS dated, CASE WHEN (coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND (t.dated >= c.cut_7 OR t.dated IS NULL AND t.sys_recorded_at >= c.cut_7_at) AND ((t1.sys_use_0 & 16) != 0 OR (t3.sys_use_0 & 16) != 0 OR t1.id IS NULL AND t3.id IS NULL) OR t.sys_until_claims >= c.today AND coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND ((t1.sys_use_0 & 32) != 0 OR (t3.sys_use_0 & 32) != 0 OR t1.id IS NULL AND t3.id IS NULL)) THEN t.due_on END AS due_on, CASE WHEN (coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND (t.dated >= c.cut_7 OR t.dated IS NULL AND t.sys_recorded_at >= c.cut_7_at) AND ((t1.sys_use_0 & 16) != 0 OR (t3.sys_use_0 & 16) != 0 OR t1.id IS NULL AND t3.id IS NULL) OR t.sys_until_claims >= c.today AND coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND ((t1.sys_use_0 & 32) != 0 OR (t3.sys_use_0 & 32) != 0 OR t1.id IS NULL AND t3.id IS NULL)) THEN t.total END AS total, CASE WHEN (coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND (t.dated >= c.cut_7 OR t.dated IS NULL AND t.sys_recorded_at >= c.cut_7_at) AND ((t1.sys_use_0 & 16) != 0 OR (t3.sys_use_0 & 16) != 0 OR t1.id IS NULL AND t3.id IS NULL) OR t.sys_until_claims >= c.today AND coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND ((t1.sys_use_0 & 32) != 0 OR (t3.sys_use_0 & 32) != 0 OR t1.id IS NULL AND t3.id IS NULL)) THEN t.lines END AS lines, CASE WHEN (coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND (t.dated >= c.cut_7 OR t.dated IS NULL AND t.sys_recorded_at >= c.cut_7_at) AND ((t1.sys_use_0 & 16) != 0 OR (t3.sys_use_0 & 16) != 0 OR t1.id IS NULL AND t3.id IS NULL) OR t.sys_until_claims >= c.today AND coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND ((t1.sys_use_0 & 32) != 0 OR (t3.sys_use_0 & 32) != 0 OR t1.id IS NULL AND t3.id IS NULL)) THEN t.reference_number END AS reference_number, CASE WHEN (coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND (t.dated >= c.cut_7 OR t.dated IS NULL AND t.sys_recorded_at >= c.cut_7_at) AND ((t1.sys_use_0 & 16) != 0 OR (t3.sys_use_0 & 16) != 0 OR t1.id IS NULL AND t3.id IS NULL) OR t.sys_until_claims >= c.today AND coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND ((t1.sys_use_0 & 32) != 0 OR (t3.sys_use_0 & 32) != 0 OR t1.id IS NULL AND t3.id IS NULL)) THEN t.billed_name END AS billed_name, CASE WHEN (coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND (t.dated >= c.cut_7 OR t.dated IS NULL AND t.sys_recorded_at >= c.cut_7_at) AND ((t1.sys_use_0 & 16) != 0 OR (t3.sys_use_0 & 16) != 0 OR t1.id IS NULL AND t3.id IS NULL) OR t.sys_until_claims >= c.today AND coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND ((t1.sys_use_0 & 32) != 0 OR (t3.sys_use_0 & 32) != 0 OR t1.id IS NULL AND t3.id IS NULL)) THEN t.billed_address END AS billed_address, CASE WHEN ((t4.sys_use_0 & 16) != 0 AND (t.dated >= c.cut_7 OR t.dated IS NULL AND t.sys_recorded_at >= c.cut_7_at) OR t.sys_until_claims >= c.today AND (t4.sys_use_0 & 32) != 0) THEN t.contact END AS contact, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN invoice AS t ON true LEFT OUTER JOIN person AS t1 ON t.person = t1.id LEFT OUTER JOIN "order" AS t2 ON t."order" = t2.id LEFT OUTER JOIN person AS t3 ON t2.person = t3.id LEFT OUTER JOIN person AS t4 ON t.contact = t4.id 
WHERE coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND (t.dated >= c.cut_7 OR t.dated IS NULL AND t.sys_recorded_at >= c.cut_7_at) AND ((t1.sys_use_0 & 16) != 0 OR (t3.sys_use_0 & 16) != 0 OR t1.id IS NULL AND t3.id IS NULL) OR t.sys_until_claims >= c.today AND coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND ((t1.sys_use_0 & 32) != 0 OR (t3.sys_use_0 & 32) != 0 OR t1.id IS NULL AND t3.id IS NULL) OR (t4.sys_use_0 & 16) != 0 AND (t.dated >= c.cut_7 OR t.dated IS NULL AND t.sys_recorded_at >= c.cut_7_at) OR t.sys_until_claims >= c.today AND (t4.sys_use_0 & 32) != 0;
-- accountant sees payment
SELECT t.id, t.invoice, t.paid_on, t.amount, t.reference_number, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN payment AS t ON true LEFT OUTER JOIN invoice AS t1 ON t.invoice = t1.id LEFT OUTER JOIN person AS t2 ON t1.person = t2.id LEFT OUTER JOIN "order" AS t3 ON t1."order" = t3.id LEFT OUTER JOIN person AS t4 ON t3.person = t4.id 
WHERE coalesce(t2.sys_restricted, 0) = 0 AND coalesce(t4.sys_restricted, 0) = 0 AND (t1.dated >= c.cut_7 OR t1.dated IS NULL AND t1.sys_recorded_at >= c.cut_7_at) AND ((t2.sys_use_0 & 16) != 0 OR (t4.sys_use_0 & 16) != 0 OR t2.id IS NULL AND t4.id IS NULL);
-- accountant sees reminder
SELECT t.id, t.invoice, t.sent_on, t.fee, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN reminder AS t ON true LEFT OUTER JOIN invoice AS t1 ON t.invoice = t1.id LEFT OUTER JOIN person AS t2 ON t1.person = t2.id LEFT OUTER JOIN "order" AS t3 ON t1."order" = t3.id LEFT OUTER JOIN person AS t4 ON t3.person = t4.id 
WHERE t1.sys_until_claims >= c.today AND coalesce(t2.sys_restricted, 0) = 0 AND coalesce(t4.sys_restricted, 0) = 0 AND ((t2.sys_use_0 & 32) != 0 OR (t4.sys_use_0 & 32) != 0 OR t2.id IS NULL AND t4.id IS NULL);
-- accountant sees collection
SELECT t.id, CASE WHEN (t1.sys_until_claims >= c.today AND coalesce(t2.sys_restricted, 0) = 0 AND coalesce(t4.sys_restricted, 0) = 0 AND ((t2.sys_use_0 & 32) != 0 OR (t4.sys_use_0 & 32) != 0 OR t2.id IS NULL AND t4.id IS NULL)) THEN t.invoice END AS invoice, CASE WHEN (t1.sys_until_claims >= c.today AND coalesce(t2.sys_restricted, 0) = 0 AND coalesce(t4.sys_restricted, 0) = 0 AND ((t2.sys_use_0 & 32) != 0 OR (t4.sys_use_0 & 32) != 0 OR t2.id IS NULL AND t4.id IS NULL)) THEN t.opened_on END AS opened_on, CASE WHEN (t1.sys_until_claims >= c.today AND (t5.sys_use_0 & 32) != 0) THEN t.debtor END AS debtor, CASE WHEN (t1.sys_until_claims >= c.today AND coalesce(t2.sys_restricted, 0) = 0 AND coalesce(t4.sys_restricted, 0) = 0 AND ((t2.sys_use_0 & 32) != 0 OR (t4.sys_use_0 & 32) != 0 OR t2.id IS NULL AND t4.id IS NULL)) THEN t.agency END AS agency, CASE WHEN (t1.sys_until_claims >= c.today AND coalesce(t2.sys_restricted, 0) = 0 AND coalesce(t4.sys_restricted, 0) = 0 AND ((t2.sys_use_0 & 32) != 0 OR (t4.sys_use_0 & 32) != 0 OR t2.id IS NULL AND t4.id IS NULL)) THEN t.judgment_on END AS judgment_on, CASE WHEN (t1.sys_until_claims >= c.today AND coalesce(t2.sys_restricted, 0) = 0 AND coalesce(t4.sys_restricted, 0) = 0 AND ((t2.sys_use_0 & 32) != 0 OR (t4.sys_use_0 & 32) != 0 OR t2.id IS NULL AND t4.id IS NULL)) THEN t.closed_on END AS closed_on, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN collection AS t ON true LEFT OUTER JOIN invoice AS t1 ON t.invoice = t1.id LEFT OUTER JOIN person AS t2 ON t1.person = t2.id LEFT OUTER JOIN "order" AS t3 ON t1."order" = t3.id LEFT OUTER JOIN person AS t4 ON t3.person = t4.id LEFT OUTER JOIN person AS t5 ON t.debtor = t5.id 
WHERE t1.sys_until_claims >= c.today AND coalesce(t2.sys_restricted, 0) = 0 AND coalesce(t4.sys_restricted, 0) = 0 AND ((t2.sys_use_0 & 32) != 0 OR (t4.sys_use_0 & 32) != 0 OR t2.id IS NULL AND t4.id IS NULL) OR t1.sys_until_claims >= c.today AND (t5.sys_use_0 & 32) != 0;
-- analyst sees organisation
SELECT t.id, t.name, t.business_id, t.form, t.phone, t.email, t.street, t.postal_code, t.city, t.country, t.sys_source, t.sys_recorded_at 
FROM organisation AS t 
WHERE true;
-- analyst sees relationship
SELECT t.id, t.person, t.organisation, t.stage, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN relationship AS t ON true LEFT OUTER JOIN person AS t1 ON t.person = t1.id 
WHERE t.sys_until_customer_care >= c.today AND (t1.sys_need_0 & 1) != 0 AND (t1.sys_use_0 & 8192) != 0;
-- analyst sees order
SELECT t.id, CASE WHEN (((t1.sys_need_0 & 2) != 0 OR t1.id IS NULL) AND ((t1.sys_use_0 & 8192) != 0 OR t1.id IS NULL) AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at)) THEN t.organisation END AS organisation, CASE WHEN (((t1.sys_need_0 & 2) != 0 OR t1.id IS NULL) AND ((t1.sys_use_0 & 8192) != 0 OR t1.id IS NULL) AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at)) THEN t.person END AS person, CASE WHEN (((t1.sys_need_0 & 2) != 0 OR t1.id IS NULL) AND ((t1.sys_use_0 & 8192) != 0 OR t1.id IS NULL) AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at)) THEN t.number END AS number, CASE WHEN (((t1.sys_need_0 & 2) != 0 OR t1.id IS NULL) AND ((t1.sys_use_0 & 8192) != 0 OR t1.id IS NULL) AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at)) THEN t.ordered_on END AS ordered_on, CASE WHEN ((t2.sys_need_0 & 2) != 0 AND (t2.sys_use_0 & 8192) != 0 AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at)) THEN t.contact END AS contact, CASE WHEN (((t1.sys_need_0 & 2) != 0 OR t1.id IS NULL) AND ((t1.sys_use_0 & 8192) != 0 OR t1.id IS NULL) AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at)) THEN t.lines END AS lines, CASE WHEN (((t1.sys_need_0 & 2) != 0 OR t1.id IS NULL) AND ((t1.sys_use_0 & 8192) != 0 OR t1.id IS NULL) AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at)) THEN t.total END AS total, CASE WHEN (((t1.sys_need_0 & 2) != 0 OR t1.id IS NULL) AND ((t1.sys_use_0 & 8192) != 0 OR t1.id IS NULL) AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at)) THEN t.promised_on END AS promised_on, CASE WHEN (((t1.sys_need_0 & 2) != 0 OR t1.id IS NULL) AND ((t1.sys_use_0 & 8192) != 0 OR t1.id IS NULL) AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at)) THEN t.status END AS status, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN "order" AS t ON true LEFT OUTER JOIN person AS t1 ON t.person = t1.id LEFT OUTER JOIN person AS t2 ON t.contact = t2.id 
WHERE ((t1.sys_need_0 & 2) != 0 OR t1.id IS NULL) AND ((t1.sys_use_0 & 8192) != 0 OR t1.id IS NULL) AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at) OR (t2.sys_need_0 & 2) != 0 AND (t2.sys_use_0 & 8192) != 0 AND (t.ordered_on >= c.cut_4 OR t.ordered_on IS NULL AND t.sys_recorded_at >= c.cut_4_at);
-- analyst sees usage_event
SELECT t.id, t.account, t.at, t.service, t.action, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN usage_event AS t ON true LEFT OUTER JOIN account AS t1 ON t.account = t1.id LEFT OUTER JOIN person AS t2 ON t1.person = t2.id 
WHERE coalesce(t.at, t.sys_recorded_at) >= c.cut_6 AND t1.sys_until_service_use >= c.today AND t2.id IS NOT NULL AND (t2.sys_use_0 & 8192) != 0;
-- analyst sees registration
SELECT t.id, t.event, t.person, t.registered_at, t.attended, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN registration AS t ON true LEFT OUTER JOIN event AS t1 ON t.event = t1.id LEFT OUTER JOIN person AS t2 ON t.person = t2.id 
WHERE (t2.sys_use_0 & 8192) != 0 AND (coalesce(t1.starts_at, t1.sys_recorded_at) >= c.cut_10 AND t2.id IS NOT NULL OR t.event IS NULL AND t2.id IS NOT NULL AND t2.sys_until_events >= c.today);
-- analyst sees device
SELECT t.id, t.person, t.browser_id, t.last_seen, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN device AS t ON true 
WHERE t.sys_until_web_statistics >= c.today AND (t.sys_use_0 & 32768) != 0 OR t.sys_until_web_studies >= c.today AND (t.sys_use_0 & 65536) != 0 OR t.sys_until_browser_segments >= c.today AND (t.sys_use_0 & 131072) != 0;
-- analyst sees visit
SELECT t.id, t.device, t.at, t.page, t.referrer, t.campaign, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN visit AS t ON true LEFT OUTER JOIN device AS t1 ON t.device = t1.id 
WHERE coalesce(t.at, t.sys_recorded_at) >= c.cut_12 AND (t1.sys_use_0 & 32768) != 0 OR coalesce(t.at, t.sys_recorded_at) >= c.cut_15 AND (t1.sys_use_0 & 131072) != 0 AND t1.sys_until_browser_segments >= c.today;
-- analyst sees study
SELECT t.id, t.name, t.pages, t.starts_on, t.ends_on, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN study AS t ON true 
WHERE t.id IS NOT NULL AND (t.ends_on IS NULL OR t.ends_on >= c.cut_13);
-- analyst sees click
SELECT t.id, t.study, t.device, t.at, t.page, t.element, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN click AS t ON true LEFT OUTER JOIN study AS t1 ON t.study = t1.id LEFT OUTER JOIN device AS t2 ON t.device = t2.id 
WHERE t1.id IS NOT NULL AND (t2.sys_use_0 & 65536) != 0 AND (t1.ends_on IS NULL OR t1.ends_on >= c.cut_13) OR t.study IS NULL AND (t2.sys_use_0 & 65536) != 0 AND t2.sys_until_web_studies >= c.today;
-- analyst sees segment
SELECT t.id, t.name, t.pages, t.starts_on, t.ends_on, t.sys_source, t.sys_recorded_at 
FROM segment AS t 
WHERE true;
-- analyst sees segment_membership
SELECT t.id, t.segment, t.device, t.from_at, t.until_at, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN segment_membership AS t ON true LEFT OUTER JOIN device AS t1 ON t.device = t1.id 
WHERE t.id IS NOT NULL AND (t1.sys_use_0 & 131072) != 0 AND (t.until_at IS NULL OR t.until_at >= c.cut_14);
-- analyst sees external_behaviour
SELECT t.id, t.device, t.at, t.site, t.topic, t.sys_source, t.sys_recorded_at 
FROM sys_clock AS c JOIN external_behaviour AS t ON true LEFT OUTER JOIN device AS t1 ON t.device = t1.id 
WHERE (t1.sys_use_0 & 131072) != 0 AND t1.sys_until_browser_segments >= c.today;
