-- create sys_touched
CREATE TABLE sys_touched (
	kind TEXT NOT NULL, 
	"row" BIGINT NOT NULL, 
	PRIMARY KEY (kind, "row")
);
-- clock 15
CREATE TABLE sys_clock (
	today TEXT, 
	cut_4 TEXT, 
	cut_4_at TEXT, 
	cut_5 TEXT, 
	cut_5_at TEXT, 
	cut_6 TEXT, 
	cut_7 TEXT, 
	cut_8 TEXT, 
	cut_9 TEXT, 
	cut_10 TEXT, 
	cut_11 TEXT, 
	cut_12 TEXT, 
	cut_13 TEXT, 
	cut_14 TEXT, 
	cut_15 TEXT, 
	cut_15_at TEXT, 
	cut_1 TEXT, 
	cut_2 TEXT, 
	cut_2_at TEXT, 
	cut_3 TEXT
);
-- create person
CREATE TABLE person (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	first_name TEXT, 
	last_name TEXT, 
	phone TEXT, 
	email TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	sys_until_customer_care TEXT, 
	sys_until_agreements TEXT, 
	sys_until_claims TEXT, 
	sys_until_feedback TEXT, 
	sys_until_complaints TEXT, 
	sys_until_prospecting TEXT, 
	sys_need_0 BIGINT, 
	sys_use_0 BIGINT, 
	sys_held BIGINT, 
	sys_restricted BIGINT
);
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
-- create relationship
CREATE TABLE relationship (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	person BIGINT, 
	organisation BIGINT, 
	stage TEXT, 
	title TEXT, 
	began TEXT, 
	ended TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	sys_until_customer_care TEXT, 
	sys_until_complaints TEXT, 
	sys_until_prospecting TEXT
);
CREATE INDEX "sys_ix_relationship_person" ON "relationship" ("person");
CREATE INDEX "sys_ix_relationship_organisation" ON "relationship" ("organisation");
-- create interaction
CREATE TABLE interaction (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	relationship BIGINT, 
	person BIGINT, 
	at TEXT, 
	channel TEXT, 
	direction TEXT, 
	subject TEXT, 
	text TEXT, 
	next_on TEXT, 
	complaint BIGINT, 
	sys_source TEXT, 
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_interaction_relationship" ON "interaction" ("relationship");
CREATE INDEX "sys_ix_interaction_person" ON "interaction" ("person");
CREATE INDEX "sys_ix_interaction_complaint" ON "interaction" ("complaint");
-- create interaction_participant
CREATE TABLE interaction_participant (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	interaction BIGINT, 
	person BIGINT, 
	role TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_interaction_participant_interaction" ON "interaction_participant" ("interaction");
CREATE INDEX "sys_ix_interaction_participant_person" ON "interaction_participant" ("person");
-- create task
CREATE TABLE task (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	relationship BIGINT, 
	person BIGINT, 
	subject TEXT, 
	due_on TEXT, 
	assignee TEXT, 
	done_on TEXT, 
	complaint BIGINT, 
	sys_source TEXT, 
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_task_relationship" ON "task" ("relationship");
CREATE INDEX "sys_ix_task_person" ON "task" ("person");
CREATE INDEX "sys_ix_task_complaint" ON "task" ("complaint");
-- create message
CREATE TABLE message (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	relationship BIGINT, 
	person BIGINT, 
	sent_at TEXT, 
	channel TEXT, 
	subject TEXT, 
	template TEXT, 
	status TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_message_relationship" ON "message" ("relationship");
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
	relationship BIGINT, 
	person BIGINT, 
	number TEXT, 
	received_on TEXT, 
	subject TEXT, 
	text TEXT, 
	answer_by TEXT, 
	outcome TEXT, 
	resolved_on TEXT, 
	"order" BIGINT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	sys_until_complaints TEXT
);
CREATE INDEX "sys_ix_complaint_relationship" ON "complaint" ("relationship");
CREATE INDEX "sys_ix_complaint_person" ON "complaint" ("person");
CREATE INDEX "sys_ix_complaint_order" ON "complaint" ("order");
-- create survey_response
CREATE TABLE survey_response (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	person BIGINT, 
	survey TEXT, 
	at TEXT, 
	answers TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_survey_response_person" ON "survey_response" ("person");
-- create opportunity
CREATE TABLE opportunity (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	relationship BIGINT, 
	organisation BIGINT, 
	person BIGINT, 
	title TEXT, 
	stage TEXT, 
	value BIGINT, 
	contact BIGINT, 
	opened_on TEXT, 
	closed_on TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_opportunity_relationship" ON "opportunity" ("relationship");
CREATE INDEX "sys_ix_opportunity_organisation" ON "opportunity" ("organisation");
CREATE INDEX "sys_ix_opportunity_person" ON "opportunity" ("person");
CREATE INDEX "sys_ix_opportunity_contact" ON "opportunity" ("contact");
-- create agreement
CREATE TABLE agreement (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
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
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_agreement_organisation" ON "agreement" ("organisation");
CREATE INDEX "sys_ix_agreement_person" ON "agreement" ("person");
CREATE INDEX "sys_ix_agreement_signatory" ON "agreement" ("signatory");
-- create order
CREATE TABLE "order" (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	organisation BIGINT, 
	person BIGINT, 
	number TEXT, 
	ordered_on TEXT, 
	contact BIGINT, 
	lines TEXT, 
	total BIGINT, 
	promised_on TEXT, 
	status TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT, 
	sys_until_complaints TEXT
);
CREATE INDEX "sys_ix_order_organisation" ON "order" ("organisation");
CREATE INDEX "sys_ix_order_person" ON "order" ("person");
CREATE INDEX "sys_ix_order_contact" ON "order" ("contact");
-- create invoice
CREATE TABLE invoice (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
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
	sys_until_claims TEXT
);
CREATE INDEX "sys_ix_invoice_organisation" ON "invoice" ("organisation");
CREATE INDEX "sys_ix_invoice_person" ON "invoice" ("person");
CREATE INDEX "sys_ix_invoice_order" ON "invoice" ("order");
CREATE INDEX "sys_ix_invoice_contact" ON "invoice" ("contact");
-- create payment
CREATE TABLE payment (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	invoice BIGINT, 
	paid_on TEXT, 
	amount BIGINT, 
	reference_number TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_payment_invoice" ON "payment" ("invoice");
-- create reminder
CREATE TABLE reminder (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	invoice BIGINT, 
	sent_on TEXT, 
	fee BIGINT, 
	sys_source TEXT, 
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_reminder_invoice" ON "reminder" ("invoice");
-- create collection
CREATE TABLE collection (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	invoice BIGINT, 
	opened_on TEXT, 
	debtor BIGINT, 
	agency BIGINT, 
	judgment_on TEXT, 
	closed_on TEXT, 
	sys_source TEXT, 
	sys_recorded_at TEXT
);
CREATE INDEX "sys_ix_collection_invoice" ON "collection" ("invoice");
CREATE INDEX "sys_ix_collection_debtor" ON "collection" ("debtor");
CREATE INDEX "sys_ix_collection_agency" ON "collection" ("agency");
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
-- lens sales
-- lens property_manager
-- lens accountant
-- sales sees person
SELECT shown.id, shown.first_name, shown.last_name, CASE WHEN (t.sys_until_prospecting >= c.today AND (t.sys_use_0 & 64) != 0 OR (t.sys_use_0 & 128) != 0 AND (t.sys_until_customer_care >= c.today AND (t.sys_need_0 & 1) != 0 OR t.sys_until_complaints >= c.today OR t.sys_until_prospecting >= c.today AND (t.sys_need_0 & 64) != 0)) THEN shown.phone END AS phone, CASE WHEN (t.sys_until_prospecting >= c.today AND (t.sys_use_0 & 64) != 0 OR (t.sys_use_0 & 384) != 0 AND (t.sys_until_customer_care >= c.today AND (t.sys_need_0 & 1) != 0 OR t.sys_until_feedback >= c.today AND (t.sys_need_0 & 16) != 0 OR t.sys_until_complaints >= c.today OR t.sys_until_prospecting >= c.today AND (t.sys_need_0 & 64) != 0)) THEN shown.email END AS email, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.person AS t ON c.today IS NOT NULL CROSS JOIN main.person AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE t.sys_until_prospecting >= c.today AND (t.sys_use_0 & 64) != 0 OR (t.sys_use_0 & 384) != 0 AND (t.sys_until_customer_care >= c.today AND (t.sys_need_0 & 1) != 0 OR t.sys_until_agreements >= c.today AND (t.sys_need_0 & 2) != 0 OR t.sys_until_claims >= c.today OR t.sys_until_feedback >= c.today AND (t.sys_need_0 & 16) != 0 OR t.sys_until_complaints >= c.today OR t.sys_until_prospecting >= c.today AND (t.sys_need_0 & 64) != 0);
-- sales sees organisation
SELECT shown.id, shown.name, shown.business_id, shown.form, shown.phone, shown.email, shown.street, shown.postal_code, shown.city, shown.country, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.organisation AS t ON c.today IS NOT NULL AND t.sys_recorded_at IS NOT NULL CROSS JOIN main.organisation AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE 1 = 1;
-- sales sees relationship
SELECT shown.id, shown.person, shown.organisation, shown.stage, shown.title, shown.began, shown.ended, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.relationship AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.person AS t1 ON t.person = t1.id CROSS JOIN main.relationship AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE t.sys_until_prospecting >= c.today AND (t1.sys_use_0 & 64) != 0 OR (t1.sys_use_0 & 128) != 0 AND (t.sys_until_customer_care >= c.today AND (t1.sys_need_0 & 1) != 0 OR t.sys_until_prospecting >= c.today AND (t1.sys_need_0 & 64) != 0);
-- sales sees interaction
SELECT shown.id, shown.relationship, shown.person, shown.at, shown.channel, shown.direction, shown.subject, shown.text, shown.next_on, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.interaction AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.relationship AS t1 ON t.relationship = t1.id LEFT OUTER JOIN main.person AS t2 ON t.person = t2.id LEFT OUTER JOIN main.person AS t3 ON t1.person = t3.id CROSS JOIN main.interaction AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE coalesce(t2.sys_restricted, 0) = 0 AND (t.person IS NOT NULL OR coalesce(t3.sys_restricted, 0) = 0) AND (t1.sys_until_prospecting >= c.today AND ((t2.sys_use_0 & 64) != 0 OR t.person IS NULL AND (t3.sys_use_0 & 64) != 0) OR t.relationship IS NULL AND ((t2.sys_use_0 & 64) != 0 AND t2.sys_until_prospecting >= c.today OR t.person IS NULL AND (t3.sys_use_0 & 64) != 0 AND t3.sys_until_prospecting >= c.today));
-- sales sees survey_response
SELECT shown.id, shown.person, shown.survey, shown.at, shown.answers, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.survey_response AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.person AS t1 ON t.person = t1.id CROSS JOIN main.survey_response AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE coalesce(t.at, t.sys_recorded_at) >= c.cut_7 AND (t1.sys_use_0 & 256) != 0;
-- sales sees opportunity
SELECT shown.id, CASE WHEN (coalesce(t2.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND (t1.sys_until_prospecting >= c.today AND ((t2.sys_use_0 & 64) != 0 OR (t3.sys_use_0 & 64) != 0 OR t2.id IS NULL AND t3.id IS NULL) OR t.relationship IS NULL AND ((t2.sys_use_0 & 64) != 0 AND t2.sys_until_prospecting >= c.today OR (t3.sys_use_0 & 64) != 0 AND t3.sys_until_prospecting >= c.today))) THEN shown.relationship END AS relationship, CASE WHEN (coalesce(t2.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND (t1.sys_until_prospecting >= c.today AND ((t2.sys_use_0 & 64) != 0 OR (t3.sys_use_0 & 64) != 0 OR t2.id IS NULL AND t3.id IS NULL) OR t.relationship IS NULL AND ((t2.sys_use_0 & 64) != 0 AND t2.sys_until_prospecting >= c.today OR (t3.sys_use_0 & 64) != 0 AND t3.sys_until_prospecting >= c.today))) THEN shown.organisation END AS organisation, CASE WHEN (coalesce(t2.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND (t1.sys_until_prospecting >= c.today AND ((t2.sys_use_0 & 64) != 0 OR (t3.sys_use_0 & 64) != 0 OR t2.id IS NULL AND t3.id IS NULL) OR t.relationship IS NULL AND ((t2.sys_use_0 & 64) != 0 AND t2.sys_until_prospecting >= c.today OR (t3.sys_use_0 & 64) != 0 AND t3.sys_until_prospecting >= c.today))) THEN shown.person END AS person, CASE WHEN (coalesce(t2.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND (t1.sys_until_prospecting >= c.today AND ((t2.sys_use_0 & 64) != 0 OR (t3.sys_use_0 & 64) != 0 OR t2.id IS NULL AND t3.id IS NULL) OR t.relationship IS NULL AND ((t2.sys_use_0 & 64) != 0 AND t2.sys_until_prospecting >= c.today OR (t3.sys_use_0 & 64) != 0 AND t3.sys_until_prospecting >= c.today))) THEN shown.title END AS title, CASE WHEN (coalesce(t2.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND (t1.sys_until_prospecting >= c.today AND ((t2.sys_use_0 & 64) != 0 OR (t3.sys_use_0 & 64) != 0 OR t2.id IS NULL AND t3.id IS NULL) OR t.relationship IS NULL AND ((t2.sys_use_0 & 64) != 0 AND t2.sys_until_prospecting >= c.today OR (t3.sys_use_0 & 64) != 0 AND t3.sys_until_prospecting >= c.today))) THEN shown.stage END AS stage, CASE WHEN (coalesce(t2.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND (t1.sys_until_prospecting >= c.today AND ((t2.sys_use_0 & 64) != 0 OR (t3.sys_use_0 & 64) != 0 OR t2.id IS NULL AND t3.id IS NULL) OR t.relationship IS NULL AND ((t2.sys_use_0 & 64) != 0 AND t2.sys_until_prospecting >= c.today OR (t3.sys_use_0 & 64) != 0 AND t3.sys_until_prospecting >= c.today))) THEN shown.value END AS value, CASE WHEN (t1.sys_until_prospecting >= c.today AND (t4.sys_use_0 & 64) != 0 OR t.relationship IS NULL AND (t4.sys_use_0 & 64) != 0 AND ((t2.sys_use_0 & 64) != 0 AND t2.sys_until_prospecting >= c.today OR (t3.sys_use_0 & 64) != 0 AND t3.sys_until_prospecting >= c.today)) THEN shown.contact END AS contact, CASE WHEN (coalesce(t2.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND (t1.sys_until_prospecting >= c.today AND ((t2.sys_use_0 & 64) != 0 OR (t3.sys_use_0 & 64) != 0 OR t2.id IS NULL AND t3.id IS NULL) OR t.relationship IS NULL AND ((t2.sys_use_0 & 64) != 0 AND t2.sys_until_prospecting >= c.today OR (t3.sys_use_0 & 64) != 0 AND t3.sys_until_prospecting >= c.today))) THEN shown.opened_on END AS opened_on, CASE WHEN (coalesce(t2.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND (t1.sys_until_prospecting >= c.today AND ((t2.sys_use_0 & 64) != 0 OR (t3.sys_use_0 & 64) != 0 OR t2.id IS NULL AND t3.id IS NULL) OR t.relationship IS NULL AND ((t2.sys_use_0 & 64) != 0 AND t2.sys_until_prospecting >= c.today OR (t3.sys_use_0 & 64) != 0 AND t3.sys_until_prospecting >= c.today))) THEN shown.closed_on END AS closed_on, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.opportunity AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.relationship AS t1 ON t.relationship = t1.id LEFT OUTER JOIN main.person AS t2 ON t.person = t2.id LEFT OUTER JOIN main.person AS t3 ON t1.person = t3.id LEFT OUTER JOIN main.person AS t4 ON t.contact = t4.id CROSS JOIN main.opportunity AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE coalesce(t2.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND (t1.sys_until_prospecting >= c.today AND ((t2.sys_use_0 & 64) != 0 OR (t3.sys_use_0 & 64) != 0 OR t2.id IS NULL AND t3.id IS NULL) OR t.relationship IS NULL AND ((t2.sys_use_0 & 64) != 0 AND t2.sys_until_prospecting >= c.today OR (t3.sys_use_0 & 64) != 0 AND t3.sys_until_prospecting >= c.today)) OR t1.sys_until_prospecting >= c.today AND (t4.sys_use_0 & 64) != 0 OR t.relationship IS NULL AND (t4.sys_use_0 & 64) != 0 AND ((t2.sys_use_0 & 64) != 0 AND t2.sys_until_prospecting >= c.today OR (t3.sys_use_0 & 64) != 0 AND t3.sys_until_prospecting >= c.today);
-- property_manager sees person
SELECT shown.id, shown.first_name, shown.last_name, CASE WHEN (t.sys_until_customer_care >= c.today AND (t.sys_use_0 & 1) != 0 OR t.sys_until_complaints >= c.today AND (t.sys_use_0 & 32) != 0) THEN shown.phone END AS phone, CASE WHEN (t.sys_until_customer_care >= c.today AND (t.sys_use_0 & 1) != 0 OR t.sys_until_feedback >= c.today AND (t.sys_use_0 & 16) != 0 OR t.sys_until_complaints >= c.today AND (t.sys_use_0 & 32) != 0) THEN shown.email END AS email, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.person AS t ON c.today IS NOT NULL CROSS JOIN main.person AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE t.sys_until_customer_care >= c.today AND (t.sys_use_0 & 1) != 0 OR t.sys_until_agreements >= c.today AND (t.sys_use_0 & 2) != 0 OR t.sys_until_feedback >= c.today AND (t.sys_use_0 & 16) != 0 OR t.sys_until_complaints >= c.today AND (t.sys_use_0 & 32) != 0;
-- property_manager sees organisation
SELECT shown.id, shown.name, shown.business_id, shown.form, shown.phone, shown.email, shown.street, shown.postal_code, shown.city, shown.country, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.organisation AS t ON c.today IS NOT NULL AND t.sys_recorded_at IS NOT NULL CROSS JOIN main.organisation AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE 1 = 1;
-- property_manager sees relationship
SELECT shown.id, shown.person, shown.organisation, shown.stage, shown.title, shown.began, shown.ended, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.relationship AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.person AS t1 ON t.person = t1.id CROSS JOIN main.relationship AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE t.sys_until_customer_care >= c.today AND (t1.sys_use_0 & 1) != 0;
-- property_manager sees interaction
SELECT shown.id, shown.relationship, shown.person, shown.at, shown.channel, shown.direction, shown.subject, shown.text, shown.next_on, CASE WHEN (coalesce(t2.sys_restricted, 0) = 0 AND (t.person IS NOT NULL OR coalesce(t3.sys_restricted, 0) = 0) AND (t1.sys_until_complaints >= c.today AND ((t2.sys_use_0 & 32) != 0 OR t.person IS NULL AND (t3.sys_use_0 & 32) != 0) OR t.relationship IS NULL AND ((t2.sys_use_0 & 32) != 0 AND t2.sys_until_complaints >= c.today OR t.person IS NULL AND (t3.sys_use_0 & 32) != 0 AND t3.sys_until_complaints >= c.today))) THEN shown.complaint END AS complaint, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.interaction AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.relationship AS t1 ON t.relationship = t1.id LEFT OUTER JOIN main.person AS t2 ON t.person = t2.id LEFT OUTER JOIN main.person AS t3 ON t1.person = t3.id CROSS JOIN main.interaction AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE coalesce(t.at, t.sys_recorded_at) >= c.cut_1 AND coalesce(t2.sys_restricted, 0) = 0 AND (t.person IS NOT NULL OR coalesce(t3.sys_restricted, 0) = 0) AND (t1.sys_until_customer_care >= c.today AND ((t2.sys_use_0 & 1) != 0 OR t.person IS NULL AND (t3.sys_use_0 & 1) != 0) OR t.relationship IS NULL AND ((t2.sys_use_0 & 1) != 0 AND t2.sys_until_customer_care >= c.today OR t.person IS NULL AND (t3.sys_use_0 & 1) != 0 AND t3.sys_until_customer_care >= c.today)) OR coalesce(t2.sys_restricted, 0) = 0 AND (t.person IS NOT NULL OR coalesce(t3.sys_restricted, 0) = 0) AND (t1.sys_until_complaints >= c.today AND ((t2.sys_use_0 & 32) != 0 OR t.person IS NULL AND (t3.sys_use_0 & 32) != 0) OR t.relationship IS NULL AND ((t2.sys_use_0 & 32) != 0 AND t2.sys_until_complaints >= c.today OR t.person IS NULL AND (t3.sys_use_0 & 32) != 0 AND t3.sys_until_complaints >= c.today));
-- property_manager sees interaction_participant
SELECT shown.id, shown.interaction, shown.person, shown.role, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.interaction_participant AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.interaction AS t1 ON t.interaction = t1.id LEFT OUTER JOIN main.relationship AS t2 ON t1.relationship = t2.id LEFT OUTER JOIN main.person AS t3 ON t.person = t3.id CROSS JOIN main.interaction_participant AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE t2.sys_until_customer_care >= c.today AND (t3.sys_use_0 & 1) != 0 OR (t3.sys_use_0 & 1) != 0 AND t3.sys_until_customer_care >= c.today AND (t.interaction IS NULL OR t1.id IS NOT NULL AND t1.relationship IS NULL);
-- property_manager sees task
SELECT shown.id, shown.relationship, shown.person, shown.subject, shown.due_on, shown.assignee, shown.done_on, CASE WHEN (coalesce(t2.sys_restricted, 0) = 0 AND (t.person IS NOT NULL OR coalesce(t3.sys_restricted, 0) = 0) AND (t1.sys_until_complaints >= c.today AND ((t2.sys_use_0 & 32) != 0 OR t.person IS NULL AND (t3.sys_use_0 & 32) != 0) OR t.relationship IS NULL AND ((t2.sys_use_0 & 32) != 0 AND t2.sys_until_complaints >= c.today OR t.person IS NULL AND (t3.sys_use_0 & 32) != 0 AND t3.sys_until_complaints >= c.today))) THEN shown.complaint END AS complaint, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.task AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.relationship AS t1 ON t.relationship = t1.id LEFT OUTER JOIN main.person AS t2 ON t.person = t2.id LEFT OUTER JOIN main.person AS t3 ON t1.person = t3.id CROSS JOIN main.task AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE coalesce(t2.sys_restricted, 0) = 0 AND (t.person IS NOT NULL OR coalesce(t3.sys_restricted, 0) = 0) AND (t.due_on >= c.cut_2 OR t.due_on IS NULL AND t.sys_recorded_at >= c.cut_2_at) AND (t1.sys_until_customer_care >= c.today AND ((t2.sys_use_0 & 1) != 0 OR t.person IS NULL AND (t3.sys_use_0 & 1) != 0) OR t.relationship IS NULL AND ((t2.sys_use_0 & 1) != 0 AND t2.sys_until_customer_care >= c.today OR t.person IS NULL AND (t3.sys_use_0 & 1) != 0 AND t3.sys_until_customer_care >= c.today)) OR coalesce(t2.sys_restricted, 0) = 0 AND (t.person IS NOT NULL OR coalesce(t3.sys_restricted, 0) = 0) AND (t1.sys_until_complaints >= c.today AND ((t2.sys_use_0 & 32) != 0 OR t.person IS NULL AND (t3.sys_use_0 & 32) != 0) OR t.relationship IS NULL AND ((t2.sys_use_0 & 32) != 0 AND t2.sys_until_complaints >= c.today OR t.person IS NULL AND (t3.sys_use_0 & 32) != 0 AND t3.sys_until_complaints >= c.today));
-- property_manager sees message
SELECT shown.id, shown.relationship, shown.person, shown.sent_at, shown.channel, shown.subject, shown.template, shown.status, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.message AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.relationship AS t1 ON t.relationship = t1.id LEFT OUTER JOIN main.person AS t2 ON t.person = t2.id LEFT OUTER JOIN main.person AS t3 ON t1.person = t3.id CROSS JOIN main.message AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE coalesce(t.sent_at, t.sys_recorded_at) >= c.cut_3 AND coalesce(t2.sys_restricted, 0) = 0 AND (t.person IS NOT NULL OR coalesce(t3.sys_restricted, 0) = 0) AND (t1.sys_until_customer_care >= c.today AND ((t2.sys_use_0 & 1) != 0 OR t.person IS NULL AND (t3.sys_use_0 & 1) != 0) OR t.relationship IS NULL AND ((t2.sys_use_0 & 1) != 0 AND t2.sys_until_customer_care >= c.today OR t.person IS NULL AND (t3.sys_use_0 & 1) != 0 AND t3.sys_until_customer_care >= c.today));
-- property_manager sees feedback
SELECT shown.id, shown.person, shown.given_at, shown.text, shown.score, shown.handled_on, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.feedback AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.person AS t1 ON t.person = t1.id CROSS JOIN main.feedback AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE coalesce(t.given_at, t.sys_recorded_at) >= c.cut_6 AND (t1.sys_use_0 & 16) != 0;
-- property_manager sees complaint
SELECT shown.id, shown.relationship, shown.person, shown.number, shown.received_on, shown.subject, shown.text, shown.answer_by, shown.outcome, shown.resolved_on, shown."order", shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.complaint AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.person AS t1 ON t.person = t1.id LEFT OUTER JOIN main.relationship AS t2 ON t.relationship = t2.id AND t2.sys_recorded_at IS NOT NULL LEFT OUTER JOIN main.person AS t3 ON t2.person = t3.id CROSS JOIN main.complaint AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE t.sys_until_complaints >= c.today AND coalesce(t1.sys_restricted, 0) = 0 AND (t.person IS NOT NULL OR coalesce(t3.sys_restricted, 0) = 0) AND ((t1.sys_use_0 & 32) != 0 OR t.person IS NULL AND (t3.sys_use_0 & 32) != 0);
-- property_manager sees agreement
SELECT shown.id, CASE WHEN (t.id IS NOT NULL AND (t.ended_on IS NULL OR t.ended_on >= c.cut_4) AND ((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL)) THEN shown.organisation END AS organisation, CASE WHEN (t.id IS NOT NULL AND (t.ended_on IS NULL OR t.ended_on >= c.cut_4) AND ((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL)) THEN shown.person END AS person, CASE WHEN (t.id IS NOT NULL AND (t.ended_on IS NULL OR t.ended_on >= c.cut_4) AND ((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL)) THEN shown.number END AS number, CASE WHEN (t.id IS NOT NULL AND (t.ended_on IS NULL OR t.ended_on >= c.cut_4) AND ((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL)) THEN shown.sort END AS sort, CASE WHEN (t.id IS NOT NULL AND (t.ended_on IS NULL OR t.ended_on >= c.cut_4) AND ((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL)) THEN shown.subject END AS subject, CASE WHEN (t.id IS NOT NULL AND (t.ended_on IS NULL OR t.ended_on >= c.cut_4) AND ((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL)) THEN shown.signed_on END AS signed_on, CASE WHEN (t.id IS NOT NULL AND (t.ended_on IS NULL OR t.ended_on >= c.cut_4) AND ((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL)) THEN shown.starts_on END AS starts_on, CASE WHEN (t.id IS NOT NULL AND (t.ended_on IS NULL OR t.ended_on >= c.cut_4) AND ((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL)) THEN shown.ended_on END AS ended_on, CASE WHEN (t.id IS NOT NULL AND (t2.sys_use_0 & 2) != 0 AND (t.ended_on IS NULL OR t.ended_on >= c.cut_4)) THEN shown.signatory END AS signatory, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.agreement AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.person AS t1 ON t.person = t1.id LEFT OUTER JOIN main.person AS t2 ON t.signatory = t2.id CROSS JOIN main.agreement AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE t.id IS NOT NULL AND (t.ended_on IS NULL OR t.ended_on >= c.cut_4) AND ((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL) OR t.id IS NOT NULL AND (t2.sys_use_0 & 2) != 0 AND (t.ended_on IS NULL OR t.ended_on >= c.cut_4);
-- property_manager sees order
SELECT shown.id, CASE WHEN (t.sys_until_complaints >= c.today AND ((t1.sys_use_0 & 32) != 0 OR t1.id IS NULL)) THEN shown.organisation END AS organisation, CASE WHEN (t.sys_until_complaints >= c.today AND ((t1.sys_use_0 & 32) != 0 OR t1.id IS NULL)) THEN shown.person END AS person, CASE WHEN (t.sys_until_complaints >= c.today AND ((t1.sys_use_0 & 32) != 0 OR t1.id IS NULL)) THEN shown.number END AS number, CASE WHEN (t.sys_until_complaints >= c.today AND ((t1.sys_use_0 & 32) != 0 OR t1.id IS NULL)) THEN shown.ordered_on END AS ordered_on, CASE WHEN (t.sys_until_complaints >= c.today AND (t2.sys_use_0 & 32) != 0) THEN shown.contact END AS contact, CASE WHEN (t.sys_until_complaints >= c.today AND ((t1.sys_use_0 & 32) != 0 OR t1.id IS NULL)) THEN shown.lines END AS lines, CASE WHEN (t.sys_until_complaints >= c.today AND ((t1.sys_use_0 & 32) != 0 OR t1.id IS NULL)) THEN shown.total END AS total, CASE WHEN (t.sys_until_complaints >= c.today AND ((t1.sys_use_0 & 32) != 0 OR t1.id IS NULL)) THEN shown.promised_on END AS promised_on, CASE WHEN (t.sys_until_complaints >= c.today AND ((t1.sys_use_0 & 32) != 0 OR t1.id IS NULL)) THEN shown.status END AS status, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main."order" AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.person AS t1 ON t.person = t1.id LEFT OUTER JOIN main.person AS t2 ON t.contact = t2.id CROSS JOIN main."order" AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE t.sys_until_complaints >= c.today AND ((t1.sys_use_0 & 32) != 0 OR t1.id IS NULL) OR t.sys_until_complaints >= c.today AND (t2.sys_use_0 & 32) != 0;
-- accountant sees person
SELECT shown.id, shown.first_name, shown.last_name, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.person AS t ON c.today IS NOT NULL CROSS JOIN main.person AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE t.sys_until_agreements >= c.today AND (t.sys_use_0 & 2) != 0 OR t.sys_until_claims >= c.today AND (t.sys_use_0 & 8) != 0;
-- accountant sees organisation
SELECT shown.id, shown.name, shown.business_id, shown.form, shown.phone, shown.email, shown.street, shown.postal_code, shown.city, shown.country, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.organisation AS t ON c.today IS NOT NULL AND t.sys_recorded_at IS NOT NULL CROSS JOIN main.organisation AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE 1 = 1;
-- accountant sees agreement
SELECT shown.id, CASE WHEN (t.id IS NOT NULL AND (t.ended_on IS NULL OR t.ended_on >= c.cut_4) AND ((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL)) THEN shown.organisation END AS organisation, CASE WHEN (t.id IS NOT NULL AND (t.ended_on IS NULL OR t.ended_on >= c.cut_4) AND ((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL)) THEN shown.person END AS person, CASE WHEN (t.id IS NOT NULL AND (t.ended_on IS NULL OR t.ended_on >= c.cut_4) AND ((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL)) THEN shown.number END AS number, CASE WHEN (t.id IS NOT NULL AND (t.ended_on IS NULL OR t.ended_on >= c.cut_4) AND ((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL)) THEN shown.sort END AS sort, CASE WHEN (t.id IS NOT NULL AND (t.ended_on IS NULL OR t.ended_on >= c.cut_4) AND ((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL)) THEN shown.subject END AS subject, CASE WHEN (t.id IS NOT NULL AND (t.ended_on IS NULL OR t.ended_on >= c.cut_4) AND ((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL)) THEN shown.signed_on END AS signed_on, CASE WHEN (t.id IS NOT NULL AND (t.ended_on IS NULL OR t.ended_on >= c.cut_4) AND ((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL)) THEN shown.starts_on END AS starts_on, CASE WHEN (t.id IS NOT NULL AND (t.ended_on IS NULL OR t.ended_on >= c.cut_4) AND ((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL)) THEN shown.ended_on END AS ended_on, CASE WHEN (t.id IS NOT NULL AND (t2.sys_use_0 & 2) != 0 AND (t.ended_on IS NULL OR t.ended_on >= c.cut_4)) THEN shown.signatory END AS signatory, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.agreement AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.person AS t1 ON t.person = t1.id LEFT OUTER JOIN main.person AS t2 ON t.signatory = t2.id CROSS JOIN main.agreement AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE t.id IS NOT NULL AND (t.ended_on IS NULL OR t.ended_on >= c.cut_4) AND ((t1.sys_use_0 & 2) != 0 OR t1.id IS NULL) OR t.id IS NOT NULL AND (t2.sys_use_0 & 2) != 0 AND (t.ended_on IS NULL OR t.ended_on >= c.cut_4);
-- accountant sees invoice
SELECT shown.id, CASE WHEN (coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND (t.dated >= c.cut_5 OR t.dated IS NULL AND t.sys_recorded_at >= c.cut_5_at) AND ((t1.sys_use_0 & 4) != 0 OR (t3.sys_use_0 & 4) != 0 OR t1.id IS NULL AND t3.id IS NULL) OR t.sys_until_claims >= c.today AND coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND ((t1.sys_use_0 & 8) != 0 OR (t3.sys_use_0 & 8) != 0 OR t1.id IS NULL AND t3.id IS NULL)) THEN shown.organisation END AS organisation, CASE WHEN (coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND (t.dated >= c.cut_5 OR t.dated IS NULL AND t.sys_recorded_at >= c.cut_5_at) AND ((t1.sys_use_0 & 4) != 0 OR (t3.sys_use_0 & 4) != 0 OR t1.id IS NULL AND t3.id IS NULL) OR t.sys_until_claims >= c.today AND coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND ((t1.sys_use_0 & 8) != 0 OR (t3.sys_use_0 & 8) != 0 OR t1.id IS NULL AND t3.id IS NULL)) THEN shown.person END AS person, CASE WHEN (coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND (t.dated >= c.cut_5 OR t.dated IS NULL AND t.sys_recorded_at >= c.cut_5_at) AND ((t1.sys_use_0 & 4) != 0 OR (t3.sys_use_0 & 4) != 0 OR t1.id IS NULL AND t3.id IS NULL) OR t.sys_until_claims >= c.today AND coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND ((t1.sys_use_0 & 8) != 0 OR (t3.sys_use_0 & 8) != 0 OR t1.id IS NULL AND t3.id IS NULL)) THEN shown."order" END AS "order", CASE WHEN (coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND (t.dated >= c.cut_5 OR t.dated IS NULL AND t.sys_recorded_at >= c.cut_5_at) AND ((t1.sys_use_0 & 4) != 0 OR (t3.sys_use_0 & 4) != 0 OR t1.id IS NULL AND t3.id IS NULL) OR t.sys_until_claims >= c.today AND coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND ((t1.sys_use_0 & 8) != 0 OR (t3.sys_use_0 & 8) != 0 OR t1.id IS NULL AND t3.id IS NULL)) THEN shown.number END AS number, CASE WHEN (coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND (t.dated >= c.cut_5 OR t.dated IS NULL AND t.sys_recorded_at >= c.cut_5_at) AND ((t1.sys_use_0 & 4) != 0 OR (t3.sys_use_0 & 4) != 0 OR t1.id IS NULL AND t3.id IS NULL) OR t.sys_until_claims >= c.today AND coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND ((t1.sys_use_0 & 8) != 0 OR (t3.sys_use_0 & 8) != 0 OR t1.id IS NULL AND t3.id IS NULL)) THEN shown.dated END AS dated, CASE WHEN (coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND (t.dated >= c.cut_5 OR t.dated IS NULL AND t.sys_recorded_at >= c.cut_5_at) AND ((t1.sys_use_0 & 4) != 0 OR (t3.sys_use_0 & 4) != 0 OR t1.id IS NULL AND t3.id IS NULL) OR t.sys_until_claims >= c.today AND coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND ((t1.sys_use_0 & 8) != 0 OR (t3.sys_use_0 & 8) != 0 OR t1.id IS NULL AND t3.id IS NULL)) THEN shown.due_on END AS due_on, CASE WHEN (coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND (t.dated >= c.cut_5 OR t.dated IS NULL AND t.sys_recorded_at >= c.cut_5_at) AND ((t1.sys_use_0 & 4) != 0 OR (t3.sys_use_0 & 4) != 0 OR t1.id IS NULL AND t3.id IS NULL) OR t.sys_until_claims >= c.today AND coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND ((t1.sys_use_0 & 8) != 0 OR (t3.sys_use_0 & 8) != 0 OR t1.id IS NULL AND t3.id IS NULL)) THEN shown.total END AS total, CASE WHEN (coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND (t.dated >= c.cut_5 OR t.dated IS NULL AND t.sys_recorded_at >= c.cut_5_at) AND ((t1.sys_use_0 & 4) != 0 OR (t3.sys_use_0 & 4) != 0 OR t1.id IS NULL AND t3.id IS NULL) OR t.sys_until_claims >= c.today AND coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND ((t1.sys_use_0 & 8) != 0 OR (t3.sys_use_0 & 8) != 0 OR t1.id IS NULL AND t3.id IS NULL)) THEN shown.lines END AS lines, CASE WHEN (coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND (t.dated >= c.cut_5 OR t.dated IS NULL AND t.sys_recorded_at >= c.cut_5_at) AND ((t1.sys_use_0 & 4) != 0 OR (t3.sys_use_0 & 4) != 0 OR t1.id IS NULL AND t3.id IS NULL) OR t.sys_until_claims >= c.today AND coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND ((t1.sys_use_0 & 8) != 0 OR (t3.sys_use_0 & 8) != 0 OR t1.id IS NULL AND t3.id IS NULL)) THEN shown.reference_number END AS reference_number, CASE WHEN (coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND (t.dated >= c.cut_5 OR t.dated IS NULL AND t.sys_recorded_at >= c.cut_5_at) AND ((t1.sys_use_0 & 4) != 0 OR (t3.sys_use_0 & 4) != 0 OR t1.id IS NULL AND t3.id IS NULL) OR t.sys_until_claims >= c.today AND coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND ((t1.sys_use_0 & 8) != 0 OR (t3.sys_use_0 & 8) != 0 OR t1.id IS NULL AND t3.id IS NULL)) THEN shown.billed_name END AS billed_name, CASE WHEN (coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND (t.dated >= c.cut_5 OR t.dated IS NULL AND t.sys_recorded_at >= c.cut_5_at) AND ((t1.sys_use_0 & 4) != 0 OR (t3.sys_use_0 & 4) != 0 OR t1.id IS NULL AND t3.id IS NULL) OR t.sys_until_claims >= c.today AND coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND ((t1.sys_use_0 & 8) != 0 OR (t3.sys_use_0 & 8) != 0 OR t1.id IS NULL AND t3.id IS NULL)) THEN shown.billed_address END AS billed_address, CASE WHEN ((t4.sys_use_0 & 4) != 0 AND (t.dated >= c.cut_5 OR t.dated IS NULL AND t.sys_recorded_at >= c.cut_5_at) OR t.sys_until_claims >= c.today AND (t4.sys_use_0 & 8) != 0) THEN shown.contact END AS contact, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.invoice AS t ON c.today IS NOT NULL LEFT OUTER JOIN main.person AS t1 ON t.person = t1.id LEFT OUTER JOIN main."order" AS t2 ON t."order" = t2.id AND t2.sys_recorded_at IS NOT NULL LEFT OUTER JOIN main.person AS t3 ON t2.person = t3.id LEFT OUTER JOIN main.person AS t4 ON t.contact = t4.id CROSS JOIN main.invoice AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND (t.dated >= c.cut_5 OR t.dated IS NULL AND t.sys_recorded_at >= c.cut_5_at) AND ((t1.sys_use_0 & 4) != 0 OR (t3.sys_use_0 & 4) != 0 OR t1.id IS NULL AND t3.id IS NULL) OR t.sys_until_claims >= c.today AND coalesce(t1.sys_restricted, 0) = 0 AND coalesce(t3.sys_restricted, 0) = 0 AND ((t1.sys_use_0 & 8) != 0 OR (t3.sys_use_0 & 8) != 0 OR t1.id IS NULL AND t3.id IS NULL) OR (t4.sys_use_0 & 4) != 0 AND (t.dated >= c.cut_5 OR t.dated IS NULL AND t.sys_recorded_at >= c.cut_5_at) OR t.sys_until_claims >= c.today AND (t4.sys_use_0 & 8) != 0;
-- accountant sees payment
SELECT shown.id, shown.invoice, shown.paid_on, shown.amount, shown.reference_number, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.payment AS t ON c.today IS NOT NULL AND t.sys_recorded_at IS NOT NULL LEFT OUTER JOIN main.invoice AS t1 ON t.invoice = t1.id LEFT OUTER JOIN main.person AS t2 ON t1.person = t2.id LEFT OUTER JOIN main."order" AS t3 ON t1."order" = t3.id AND t3.sys_recorded_at IS NOT NULL LEFT OUTER JOIN main.person AS t4 ON t3.person = t4.id CROSS JOIN main.payment AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE coalesce(t2.sys_restricted, 0) = 0 AND coalesce(t4.sys_restricted, 0) = 0 AND (t1.dated >= c.cut_5 OR t1.dated IS NULL AND t1.sys_recorded_at >= c.cut_5_at) AND ((t2.sys_use_0 & 4) != 0 OR (t4.sys_use_0 & 4) != 0 OR t2.id IS NULL AND t4.id IS NULL);
-- accountant sees reminder
SELECT shown.id, shown.invoice, shown.sent_on, shown.fee, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.reminder AS t ON c.today IS NOT NULL AND t.sys_recorded_at IS NOT NULL LEFT OUTER JOIN main.invoice AS t1 ON t.invoice = t1.id LEFT OUTER JOIN main.person AS t2 ON t1.person = t2.id LEFT OUTER JOIN main."order" AS t3 ON t1."order" = t3.id AND t3.sys_recorded_at IS NOT NULL LEFT OUTER JOIN main.person AS t4 ON t3.person = t4.id CROSS JOIN main.reminder AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE t1.sys_until_claims >= c.today AND coalesce(t2.sys_restricted, 0) = 0 AND coalesce(t4.sys_restricted, 0) = 0 AND ((t2.sys_use_0 & 8) != 0 OR (t4.sys_use_0 & 8) != 0 OR t2.id IS NULL AND t4.id IS NULL);
-- accountant sees collection
SELECT shown.id, CASE WHEN (t1.sys_until_claims >= c.today AND coalesce(t2.sys_restricted, 0) = 0 AND coalesce(t4.sys_restricted, 0) = 0 AND ((t2.sys_use_0 & 8) != 0 OR (t4.sys_use_0 & 8) != 0 OR t2.id IS NULL AND t4.id IS NULL)) THEN shown.invoice END AS invoice, CASE WHEN (t1.sys_until_claims >= c.today AND coalesce(t2.sys_restricted, 0) = 0 AND coalesce(t4.sys_restricted, 0) = 0 AND ((t2.sys_use_0 & 8) != 0 OR (t4.sys_use_0 & 8) != 0 OR t2.id IS NULL AND t4.id IS NULL)) THEN shown.opened_on END AS opened_on, CASE WHEN (t1.sys_until_claims >= c.today AND (t5.sys_use_0 & 8) != 0) THEN shown.debtor END AS debtor, CASE WHEN (t1.sys_until_claims >= c.today AND coalesce(t2.sys_restricted, 0) = 0 AND coalesce(t4.sys_restricted, 0) = 0 AND ((t2.sys_use_0 & 8) != 0 OR (t4.sys_use_0 & 8) != 0 OR t2.id IS NULL AND t4.id IS NULL)) THEN shown.agency END AS agency, CASE WHEN (t1.sys_until_claims >= c.today AND coalesce(t2.sys_restricted, 0) = 0 AND coalesce(t4.sys_restricted, 0) = 0 AND ((t2.sys_use_0 & 8) != 0 OR (t4.sys_use_0 & 8) != 0 OR t2.id IS NULL AND t4.id IS NULL)) THEN shown.judgment_on END AS judgment_on, CASE WHEN (t1.sys_until_claims >= c.today AND coalesce(t2.sys_restricted, 0) = 0 AND coalesce(t4.sys_restricted, 0) = 0 AND ((t2.sys_use_0 & 8) != 0 OR (t4.sys_use_0 & 8) != 0 OR t2.id IS NULL AND t4.id IS NULL)) THEN shown.closed_on END AS closed_on, shown.sys_source, shown.sys_recorded_at 
FROM main.sys_clock AS c CROSS JOIN main.collection AS t ON c.today IS NOT NULL AND t.sys_recorded_at IS NOT NULL LEFT OUTER JOIN main.invoice AS t1 ON t.invoice = t1.id LEFT OUTER JOIN main.person AS t2 ON t1.person = t2.id LEFT OUTER JOIN main."order" AS t3 ON t1."order" = t3.id AND t3.sys_recorded_at IS NOT NULL LEFT OUTER JOIN main.person AS t4 ON t3.person = t4.id LEFT OUTER JOIN main.person AS t5 ON t.debtor = t5.id CROSS JOIN main.collection AS shown ON t.id = shown.id AND shown.sys_recorded_at IS NOT NULL 
WHERE t1.sys_until_claims >= c.today AND coalesce(t2.sys_restricted, 0) = 0 AND coalesce(t4.sys_restricted, 0) = 0 AND ((t2.sys_use_0 & 8) != 0 OR (t4.sys_use_0 & 8) != 0 OR t2.id IS NULL AND t4.id IS NULL) OR t1.sys_until_claims >= c.today AND (t5.sys_use_0 & 8) != 0;
