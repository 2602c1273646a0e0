/** Objects under these keys are about one person; their text is a name when it looks like one. */
export const PERSON_WORDS = `patient customer employee physician doctor nurse practitioner clinician surgeon guardian parent
mother father spouse child beneficiary insured policyholder guarantor applicant student teacher cardholder passenger guest
tenant borrower kin witness victim defendant plaintiff resident caregiver prescriber therapist dentist person individual
candidate traveler traveller donor visitor relative sibling husband wife son daughter sister brother grandmother grandfather
staff inmate veteran voter survivor decedent deceased newborn infant attorney lawyer pharmacist radiologist anesthesiologist
cardiologist oncologist psychiatrist psychologist midwife paramedic attending colleague friend partner homeowner`;

/** Objects under these are usually about a person, or about an account, a program or a company. */
export const PARTY_WORDS = `user client contact owner author member sender assignee reporter creator editor attendee organizer
organiser participant signer buyer seller holder payee requester requestor approver recipient subscriber dependent provider
manager supervisor referrer customer-contact reviewer commenter player winner speaker instructor interviewer interviewee
consultant volunteer respondent addressee`;

export const FACILITY_WORDS = `hospital clinic facility pharmacy practice nursinghome ward hospice laboratory`;

export const ORGANISATION_WORDS = `organization organisation company vendor merchant business institution department team
brand insurer payer payor bank school university employer agency supplier manufacturer publisher tenant-org corporation store shop
restaurant hotel airline carrier group club league band`;

/** What has a name, a number and an owner, and is nobody. */
export const THING_WORDS = `product item file tool package dependency repo repository project server module plugin model app
application service table column field dataset drug medication medicine ingredient recipe event task job step node cluster
host container image volume pod namespace branch tag commit workflow pipeline action rule policy role permission schema
database index collection document folder directory bucket queue topic channel function method class variable parameter
argument prop property option setting config configuration template theme style component widget page screen route
endpoint resource prompt capability extension category genre song album movie book article post course lesson exam
test metric alert dashboard report chart sensor station planet language currency unit lab allergy
condition diagnosis procedure symptom disease immunization vaccine order invoice subscription plan feature release
build environment stage license software library framework team-project ticket issue epic sprint milestone label status type`;

/** Objects that only gather members of the object around them. */
export const WRAPPER_WORDS = `demographic detail info information data attribute profile personal record identity bio
personaldata personalinfo particulars fields`;

/** Words that may stand before a phrase without changing it, besides words for persons. */
export const QUALIFIERS = `home work office mobile cell primary secondary main alternate alternative other personal business
current previous former old new emergency billing shipping mailing permanent temporary residential legal contact my your
his her their the preferred default first second third last day evening night private public raw original full masked
formatted normalized reported self origin destination pickup dropoff start end location birth death biological attending
referring admitting primary-care care hospital clinic facility user client member account holder next of kin`;

/** The last words of keys that hold codes, quantities and states; a value that does not look like one is still text. */
export const KEPT_WORDS = `code unit uom status version hash checksum sha sha1 sha256 sha512 md5 etag digest loinc icd icd9 icd10 snomed
rxnorm cpt hcpc hcpcs ndc cvx drg atc rxcui umls quantity qty amount price cost total subtotal currency count score percent
percentage ratio rate weight height bmi dose dosage strength frequency verified enabled active required mimetype format
encoding language locale lang gender sex race ethnicity severity priority level rank page limit offset sequence method
boolean type kind length size width duration temperature interval balance tax discount fee salary threshold min max
minimum maximum average mean median sum precision confidence probability timezone charset protocol port mode specimen-code
ratio-code concept-code revision schema-version mime resourcetype classification jsonrpc`;

/** Times that a system notes about its own records. */
export const SYSTEM_TIMES = `created,created at,created on,create time,creation date,creation time,date created,updated,
updated at,updated on,update time,date updated,modified,modified at,modified on,last modified,modification date,
last modified date,date modified,timestamp,ts,deleted at,expire,expires,expire at,expires at,expiry,expiry date,expiration date,expiration,
issued at,iat,exp,nbf,published at,published,synced at,last login,last login at,last seen,last seen at,started at,finished at,
completed at,processed at,received at,sent at,build date,release date,released at,date added,inserted at,ingested at,
log time,event time,create date,update date,created date,updated date,created time,updated time,last updated,last update,
modified date,fetched at,generated at,queued at,scheduled at,cached at,indexed at,ended at,archived at,last sync`;

/** Words of members that say that the object is about a person, an organisation or a thing. */
export const THING_HINTS = `version price sku path mimetype mime stock dependency repo schema inputschema outputschema command arg
model dosage strength ndc rxnorm loinc ingredient calorie isbn filename extension checksum sha256 hash stars forks
quantity manufacturer runtime port branch default required enum readonly permission parameter expression`;
export const ORGANISATION_HINTS = `website industry ein taxid duns founded headquarters ticker domain employeecount revenue vat`;
export const PERSON_HINTS = `gender marital nationality occupation jobtitle race ethnicity pronoun salutation bloodtype
maritalstatus allergy diagnosis`;
