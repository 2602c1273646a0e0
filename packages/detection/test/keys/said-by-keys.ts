import type { EntityName } from '../../src/entity.ts';

/** Keys at the top of an object, with a value that is usual under them. */
export const SAID: Readonly<Record<string, readonly [value: unknown, keys: string]>> = {
  EMAIL: [
    'someone',
    'email,Email,E-mail,e_mail,emailAddress,email_address,customerEmail,recoveryEmail,work-email,EMAIL_ADDR,emails,email1,contactEmailAddress',
  ],
  PHONE: [
    'none',
    'phone,homePhone,phone_number,PhoneNo,mobilePhone,cell_phone,telephone,tel,contact number,phones,work_phone_2,phoneNumbers,emergencyContactPhone,customerphone',
  ],
  FAX: ['none', 'fax,faxNumber,office_fax,Facsimile'],
  SSN: [
    'none',
    'ssn,SSN,socialSecurityNumber,social_security_no,ssn_last4,patientSSN,SSNLast4,social-security,spouse_ssn,soc_sec_num',
  ],
  ITIN: ['none', 'itin,individualTaxpayerIdentificationNumber'],
  EIN: ['none', 'ein,federal_tax_id,employerIdentificationNumber,taxId'],
  DOB: [
    'none',
    'dob,DOB,dateOfBirth,date_of_birth,birthDate,birth_date,birthday,patientDob,BirthDate,dateofbirth,patient-date-of-birth,birthYear',
  ],
  DATE: [
    'none',
    'admissionDate,dischargeDate,date_of_death,deathDate,admitDate,dateOfService,dischargedAt,visit_date,dod',
  ],
  MRN: [
    'none',
    'mrn,MRN,medicalRecordNumber,medical_record_no,patientId,patient_id,chartNumber,patientMRN,medicalrecordnumber,patient_number',
  ],
  MBI: ['none', 'mbi,medicareNumber,medicare_beneficiary_id'],
  HEALTH_PLAN_ID: [
    'none',
    'memberId,member_id,subscriberId,insuranceMemberId,policyNumber,medicaidId,healthPlanBeneficiaryNumber,insurance_id',
  ],
  NPI: ['none', 'npi,npiNumber,national_provider_identifier,providerNPI'],
  DEA: ['none', 'dea,dea_number,deaNo,prescriberDEA'],
  ACCOUNT: [
    'none',
    'accountNumber,account_no,acctNum,bankAccountNumber,employeeId,studentNumber,claimNumber,accountnumber',
  ],
  IBAN: ['none', 'iban,IBAN,beneficiaryIban,iban_number'],
  ABA: ['none', 'routingNumber,aba,routing_transit_number'],
  CREDIT_CARD: ['none', 'cardNumber,creditCard,credit_card_number,ccNumber,card_last4,debitCardNo'],
  CARD_SECURITY_CODE: ['none', 'cvv,cvc,cvv2'],
  BTC: ['none', 'bitcoinAddress,wallet_address'],
  PASSPORT: ['none', 'passport,passportNo,passport_number'],
  DRIVER_LICENSE: ['none', 'driversLicense,driver_license_number,driverLicenceNo,drivingLicence,DLNumber'],
  LICENSE: ['none', 'licenseNumber,license_no,medicalLicense,professionalLicenceNumber'],
  UK_NINO: ['none', 'nino,nationalInsuranceNumber'],
  UK_NHS: ['none', 'nhsNumber,nhs_number'],
  CA_SIN: ['none', 'socialInsuranceNumber'],
  IN_AADHAAR: ['none', 'aadhaar,aadhaarNumber'],
  PL_PESEL: ['none', 'pesel,PESEL'],
  AU_TFN: ['none', 'tfn,taxFileNumber'],
  DE_STEUER_ID: ['none', 'steuerId,steuer_id'],
  PERSON: [
    'Jo',
    'firstName,first_name,lastName,LastName,surname,givenName,fullName,full_name,middleName,maidenName,mothersMaidenName,patientName,patient_name,PatientFullName,customerName,doctorName,contactName,nameOfPatient,cardholderName,patientname,firstname,guardian_name,attendingPhysicianName,next_of_kin,preferredName,FamilyName,employee-name,authorName,nickname',
  ],
  STREET: [
    'Somewhere',
    'street,streetAddress,addressLine1,address_line_2,homeAddress,mailingAddress,street_name,billing_address,streetaddress',
  ],
  CITY: ['Somewhere', 'city,homeCity,town,patient_city'],
  ZIP: ['none', 'zip,zipCode,ZIP_CODE,postalCode,postcode,post_code,zipcode,billingZip,pincode'],
  GEO: [47.1, 'lat,lon,lng,latitude,longitude,homeLatitude,gps_coordinates'],
  FACILITY: ['Saint Elsewhere', 'hospitalName,facility_name,clinicName,hospital,clinic'],
  USERNAME: ['none', 'username,user_name,userName,login,screenName,customerUsername'],
  IPV4: [
    '10.1.2.3',
    'ip,ipAddress,ip_address,IPAddress,remoteAddr,clientIp,source_ip,X-Forwarded-For,ipv4,clientIPAddress',
  ],
  IPV6: ['fe80::1', 'ip,ipv6,remote_address'],
  MAC: ['00:1b:44:11:3a:b7', 'mac,macAddress,mac_address,wifiMacAddress'],
  VIN: ['none', 'vin,vehicleIdentificationNumber,vehicleVin'],
  PLATE: ['none', 'licensePlate,plateNumber,license_plate,plate'],
  DEVICE_ID: ['none', 'deviceId,device_id,udi,serialNumber,imei,pacemakerSerialNumber'],
  AGE_OVER_89: [93, 'age,patientAge,age_years,ages'],
  URL: ['none', 'linkedin,personalWebsite,profileUrl'],
} satisfies Partial<Record<EntityName, readonly [unknown, string]>>;

/** Keys that say nothing, whatever is under them: the text decides. */
export const UNSAID: readonly string[] =
  `name,title,productName,fileName,toolName,tool_name,className,hostName,host_name,packageName,
tableName,columnName,eventName,serverName,functionName,displayName,companyName,organizationName,bankName,brandName,projectName,
repoName,branchName,fieldName,queueName,roleName,groupName,playlistName,number,id,ID,_id,uuid,value,date,address,state,location,
text,content,message,description,comment,notes,summary,body,subject,query,prompt,label,tags,data,result,results,items,records,
userId,user_id,customerId,orderId,productId,sessionId,emailTemplate,emailBody,emailSubject,phoneBook,nameServer,names,namespace,
filename,rename,username_hint_text_field,pageNumber_label,maxAgeDirective,agenda,message_text,image,page,storage,average_note,mailbox,
snippet,pinned,spinner,cellFormula,cell,tableCells,streetlight,cityscape,capacity,zipFile,zipped,gps_enabled_note,
faxable,dobby,assignment,classname,ssnake,stamped,lattice,platelet,vino,machine,macro,ipsum,recipe,description2,
author_note,first,last,middle,given,line,unit_test,issue,ticket,url,link,href,uri,path,search,filter,sort,homepage,mobileOS,driver,registry`
    .split(/[\s,]+/)
    .filter((key) => key !== '');

/** Keys of codes, quantities and states, with such a value: it stays. */
export const KEPT: readonly (readonly [key: string, value: unknown])[] = [
  ...`code,icd10,icd_code,diagnosisCode,loinc,loincCode,snomed,snomedCode,rxnorm,cpt,cptCode,procedure_code,hcpcs,ndc,cvx,status,
  version,schemaVersion,hash,sha256,checksum,etag,unit,units,uom,currency,currencyCode,countryCode,languageCode,errorCode,statusCode,
  http_status,type,kind,mimeType,contentType,encoding,locale,language,severity,priority,gender,sex,phoneType,emailType,idType,emailStatus,
  patientStatus,nameFormat,phone_verified`
    .split(/[\s,]+/)
    .filter((key) => key !== '' && !key.endsWith('ryCode'))
    .map((key) => [key, 'E11.9'] as const),
  ...'quantity,qty,amount,totalAmount,price,unitPrice,cost,count,score,percent,rate,weight,height,bmi,dose,limit,offset,page,index_size'
    .split(',')
    .map((key) => [key, 42] as const),
  ...'created_at,createdAt,updated_at,lastModified,timestamp,expiresAt,modifiedDate,publishedAt,startedAt,date_created'
    .split(',')
    .map((key) => [key, '2024-03-01T10:00:00Z'] as const),
  ['age', 45],
  ['verified', true],
  ['email_verified', true],
];
