/**
 * What the elements of FHIR R4 resources hold, by name, wherever the name means the same in every resource that has it.
 * Where it does not, `contexts.ts` says so for the resource. Written from the element tables of the resource and datatype
 * pages: https://hl7.org/fhir/R4/resourcelist.html and https://hl7.org/fhir/R4/datatypes.html (FHIR is CC0).
 */

/** code, Coding, CodeableConcept, Quantity, Money, Range, Ratio, boolean, numbers, oid, uuid and canonical: they identify nobody. */
export const KEPT = `
abatementRange achievementStatus active actual actualNumber actuality add additionalInstruction additiveType adjustment
adjustmentReason admitSource ageRange allDay allowedUnsignedInt altitude amount amountType appliesTo appliesToAll
appointmentRequired appointmentType assurance authorizationRequired authorizationSupporting availableEndTime
availableStartTime axis backCurve base baseFormulaType bodySite bodysite businessStatus caloricDensity canPushUpdates
cancelationReason capacity cardinalityBehavior careTeamSequence category chromosome classification classifier clinicalStatus
closingTime code coding communicationMethod comparator complication conclusionCode confidentiality connectionType
contentDerivative contentType contraindicatedVaccineCode contributedToDeath control coordinateSystem count countMax
courseOfTherapyType criticality currency cylinder dailyAmount dataAbsentReason dayOfWeek daysOfWeek daysSupply deceasedRange
decision decisionMode definitionCanonical deleted denominator depth detailSequence diagnosisSequence diameter dietPreference
dimensions direction dischargeDisposition dispenseInterval docStatus doNotPerform dose doseStatus doseStatusReason dueDuration
durationMax durationUnit emptyReason entryType estimatedAge eventCoding exact exclude excluded excludeFoodModifier
expectedSupplyDuration experimental expirationType exposureRoute externalDiameter eye fMeasure fScore facilityType factor
factorOverride failureAction flag fluidConsistencyType focal followUp foodPreferenceModifier foodType forecastReason
forecastStatus formCode format frames frequencyMax function fundingSource fundsReserve fundsReserveRequested gender
groupingBehavior gtFP high highLimit implicitRules improvementNotation inactive inforce informationSequence instantiates
instantiatesCanonical instantiatesUri intent interpretation isActive isSubpotent itemSequence jurisdiction keyword kind
language laterality legalState length lifecycle lifecycleStatus limit locationCode locationQualifier low lowLimit lowerLimit
manifestation maritalStatus maxDosePerAdministration maxDosePerLifetime maxDosePerPeriod maxVolumeToDeliver meaning measure
measureScore medium method min minutesDuration modality mode modifier morphology need net nominalVolume noteNumber
numFN numFP numTP numberOfInstances numberOfRepeatsAllowed numberOfSeries numerator offset onAdmission onHold openingTime
operationalStatus order orderDetail orderedBy orientation outcomeCode overbooked packageCode participantStatus
participantType payeeType payloadType payloadMimeType paymentAmount paymentStatus performerRole performerType periodMax
periodType periodUnit phase physicalType physiologicalCondition points policyRule power practiceSetting precheckBehavior
precedence precision preferred priceOverride primaryPurposeType priority procedureCode procedureSequence product
productCategory productCode productOrService profile program programCode programEligibility project publicationStatus purpose
purposeOfEvent purposeOfUse pushTypeAvailable qualitativeRisk quantity queryFP queryTP questionnaire race rank rating reAdmission
readCoverage reasonCode reasonStopped recall referenceSeqId referralMethod region relationship relativeRisk repetitions
reportOrigin reported required requiredBehavior revenue role route routeofAdministration safety scale scope score scoring
security securityLabelNumber selectionBehavior sensitivity sequence seriousness serviceCategory serviceProvisionCode
serviceType severity sex sigFormat size sopClass specialArrangement specialCourtesy specialPrecautionsForStorage specialty
sphere standardSequence state status strand strength studyDesign subDetailSequence subSite subType subdetailSequence
subpotentReason subrogation substance subtype supportingInfoSequence system systemType tag targetDisease targetFormat
targetNumber temperature timeOfDay totalGross totalNet truthFN truthTP type unit unitPrice upperLimit uri use usedCode
userSelected vaccineCode validationProcess validationStatus validationType valueSet valueCount valueDistance variantType
verificationStatus verified versionId view wasSubstituted weight whenRange whyStopped width windowEnd windowStart
algorithm hash carrierType comparatorCode collectionMethod etag ifMatch ifNoneMatch linkId contextLinkId reasonLinkId
requesterLinkId performerLinkId uid cigar genomeBuild observedAllele referenceAllele observedSeq referenceSeqString datasetId
variantsetId readsetId dosageCode resourceType age asNeededBoolean multipleBirthBoolean multipleBirthInteger deceasedBoolean`;

/** date, dateTime, instant. All of them: which event of a patient is told by a date cannot be known from its name. */
export const DATES = `
authored authoredOn created creation date dateAsserted dateTime dateWritten detected dueDate effectiveInstant effectiveTime
enteredDate expirationDate issued lastModified lastOccurrence lastPerformed lastUpdated manufactureDate nextScheduled onset
paymentDate presentationDate publicationDate received receivedTime recorded recordedDate recordedOn restoreDate sent
startDate started statusDate time timestamp validationDate verificationDate whenHandedOver whenPrepared start end event when ifModifiedSince validTo expiry`;

/** Texts, and objects that hold more elements. Named here so that the words of the name are not judged like any other key. */
export const OPEN = `
about accident accounts activity actualArm addItem additive adjudication administration administrationInstruction
alias amountText answer applies arm assessment asset assignedArm associatedParty attestation attester availabilityExceptions
availableTime basis batch benefit benefitBalance benefitPeriod billablePeriod brand businessArrangement calibration
cancelledReason causality channel characteristic citation class classHistory collection color comment communication
comparisonGroup compartment component conclusion condition container contentDefinition context copyright costToBeneficiary
coverageArea criteria data dateRange dependent description descriptionSummary detail diagnosis dispenseRequest
disposition div documentType documentation dosage dosageInstruction during education eligibility enteralFormula entry
error eventNumber eventsSinceSubscriptionStart evidence exception executionPeriod expression extraDetails financial finding focalDevice
form friendly group guarantor header hoursOfOperation ingredient initialFill inner input
instance instruction insurance investigation issue item legal lensSpecification lineItem link lotNumber
manipulation max media mitigation modelNumber name network notAvailable note notificationEvent nutrient objective offer oralDiet
outcomeDesc outcomeMeasure outer output overrideReason parameter part partNumber participant party path patientInstruction payee
payload payment paymentTerms planningHorizon policy population position prediction priceComponent prism procedure
processNote processing productName productRelatedness progress progressStatus property protocol protocolApplied provision
qualification quality query rationale reaction reason recommendation recruitment referenceSeq relatedAction related relatesTo relation
repository resource response restriction roc rule schedule searchParam section securityLabel series service shape signature
signer site software specialization stage statusHistory statusReason storage stratifier stratum structureVariant subDetail
subtitle substitution suppliedItem supplement summary supportingInfo suspectEntity target term textEquivalent texture timing title
topic validator valuedItem variant verification version hospitalization modifierExtension codeFilter dateFilter
doseAndRate sort attachment document image photo presentedForm content country destination relationtype authorString
contentAttachment insurer payor encounter coverage request claim
referral udi udiCarrier device deviceName specimen account slot appointment claimResponse consent contract episodeOfCare
enrollment report subscription usage parent definition replaces previous communicationRequest referenceDocument endpoint
manipulated study dataRequirement label publisher useContext relatedArtifact supportingInformation securityContext
inResponseTo information priorRequest ref plan outputParameters evaluationMessage supportingPatientInformation subjectResults
evaluatedResource eventHistory authorizingPrescription doseForm referenceSeqPointer variantPointer pointer referenceRange
paymentIssuer totalPriceComponent observedGroup intendedExposure actualGroup riskEstimate additionalContext
targetLocation sourceIdentityCertificate proxyIdentityCertificate identityCertificate preparation
collection diagnostics message question map key`;

/** References whose target is a person. */
export const PERSON_REFERENCES = `
asserter assessor beneficiary candidate careManager collector expressedBy individual interpreter orderer patient practitioner
prescriber principalInvestigator recorder referrer responsibleParty sourcePatientInfo subscriber verifiedWith subject
generalPractitioner`;

/** References to a person, an organisation or a device: the reference or the words tell. */
export const PARTY_REFERENCES = `
actor attendee author authenticator authorReference contributor deliverTo enterer entity for informationSource
managingEntity member observer onBehalfOf operator other owner performer policyHolder provider receiver recipient reportedReference
reporter requestProvider requester resultsInterpreter sender source submitter supplier what who holder
sponsor regulator team careTeam focus entityReference valueReference answerReference partOf`;

/** References to an organisation or a place of care. */
export const PLACE_REFERENCES = `
assigner authority costCenter custodian deliverFrom facility healthcareService location locationReference managingOrganization
organization origin participatingOrganization performingOrganization providedBy requestingOrganization serviceProvider domain`;

/** References to something clinical: what they display is the name of a condition, a test or a drug. */
export const CLINICAL_REFERENCES = `
additiveReference addresses allergyIntolerance associatedMedication basedOn chargeItemReference codeReference complicationDetail
derivedFrom detectedIssue diagnosisReference goal hasMember imagingStudy immunizationEvent implicated itemReference
medicationReference originalPrescription outcomeReference prescription priorPrescription problem procedureReference productReference
prognosisReference reasonReference referralRequest relevantHistory result resultingCondition statusReasonReference
subjectMedicalHistory supportingImmunization targetReference`;

export const IDENTIFIERS = `
identifier accessionIdentifier groupIdentifier masterIdentifier paymentIdentifier preAdmissionIdentifier predecessor
requestIdentifier requisition targetIdentifier valueIdentifier`;

/** The elements of type [x] (https://hl7.org/fhir/R4/formats.html#choice): what stands before the name of the type. */
export const CHOICES = `
abatement additive age allowed amount answer asNeeded author born bounds chargeItem collected content created deceased
defaultValue definition detail diagnosis dose doseNumber due effective entity event fastingStatus fixed identified item
legallyBinding location maxValue medication minValue module multipleBirth occurred occurrence offset onset pattern performed
probability procedure product prognosis quantity rate reported scheduled seriesDoses serviced source specimen start
statusReason subject target time timing topic used value when preAuth preAuthRef requested billable execution validity use data
service benefit`;
